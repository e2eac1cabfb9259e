using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Control;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Members;

namespace ChainCheckout.Simulator.Http;

/// <summary>Everything that the simulator writes, and what its control API and its settings read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(QrProblemBody))]
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
[JsonSerializable(typeof(MintBody))]
[JsonSerializable(typeof(MintedBody))]
[JsonSerializable(typeof(StatsBody))]
[JsonSerializable(typeof(TruthBody))]
[JsonSerializable(typeof(CheckInProblemBody))]
[JsonSerializable(typeof(DiscoveryBody))]
[JsonSerializable(typeof(ExistsBody))]
[JsonSerializable(typeof(LoginFaultBody))]
[JsonSerializable(typeof(LoginRequestedBody))]
[JsonSerializable(typeof(LoginTokenBody))]
[JsonSerializable(typeof(IdTokenBody))]
[JsonSerializable(typeof(UserInfoBody))]
[JsonSerializable(typeof(PingBody))]
[JsonSerializable(typeof(AcceptedBody))]
[JsonSerializable(typeof(LoginScriptBody))]
[JsonSerializable(typeof(string))]
internal sealed partial class SimulatorJson : JsonSerializerContext;

/// <summary>An enum as its name with a small first letter; a number is refused.</summary>
internal sealed class CamelCaseEnum<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
