using System.Text.Json.Serialization;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;

namespace ChainCheckout.Core;

/// <summary>
/// The one speller of stored states. Discriminators and names outlive refactoring: nothing stored is renamed or reused.
/// Personal values are written by the converters of the codec whose options it was made with.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TillState))]
[JsonSerializable(typeof(CustomerState))]
[JsonSerializable(typeof(PaymentState))]
[JsonSerializable(typeof(SalesUnitState))]
[JsonSerializable(typeof(StoreState))]
[JsonSerializable(typeof(LoginState))]
public sealed partial class CoreJson : JsonSerializerContext;
