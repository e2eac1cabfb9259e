using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Control;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Ledgers;

namespace ChainCheckout.Simulator.Http;

/// <summary>Everything that the simulator writes, and what its control API and its settings read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(QrProblemBody))]
[JsonSerializable(typeof(CheckInProblemBody))]
[JsonSerializable(typeof(LoyaltyProblemBody))]
[JsonSerializable(typeof(AcceptedBody))]
[JsonSerializable(typeof(GatewayBody))]
[JsonSerializable(typeof(OAuthBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(ExchangeBody))]
[JsonSerializable(typeof(CreatedBody))]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(ModificationBody))]
[JsonSerializable(typeof(EventBody[]))]
[JsonSerializable(typeof(WebhookEventBody))]
[JsonSerializable(typeof(RegisteredBody))]
[JsonSerializable(typeof(WebhooksBody))]
[JsonSerializable(typeof(LedgerLine))]
[JsonSerializable(typeof(SimulatorOptions))]
[JsonSerializable(typeof(StartedBody))]
[JsonSerializable(typeof(FaultRule[]))]
[JsonSerializable(typeof(FaultCount[]))]
[JsonSerializable(typeof(Customer[]))]
[JsonSerializable(typeof(ScriptBody))]
[JsonSerializable(typeof(LoginScriptBody))]
[JsonSerializable(typeof(LoginPingsBody))]
[JsonSerializable(typeof(AnyWebhookBody))]
[JsonSerializable(typeof(MintBody))]
[JsonSerializable(typeof(MintedBody))]
[JsonSerializable(typeof(StatsBody))]
[JsonSerializable(typeof(TruthBody))]
internal sealed partial class SimulatorJson : JsonSerializerContext;

/// <summary>An enum as its name with a small first letter; a number is refused.</summary>
internal sealed class CamelCaseEnum<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
