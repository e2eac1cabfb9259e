using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Schemas;

namespace ChainCheckout.Simulator.Members;

/// <summary><c>POST /point-of-sale/v1/loyalty-check-in</c>, in both of its forms.</summary>
internal sealed partial class CheckInApi(Ledger ledger)
{
    private static readonly ObjectSchema Body = new(
        new Field("phoneNumber", new TextSchema(Pattern: Norwegian()), Required: true),
        new Field("isMember", new FlagSchema(), Required: true),
        new Field("loyaltyProgramName", new TextSchema(Min: 1, Max: 200)));

    public Answer CheckIn(ApiRequest request, Caller caller)
    {
        if (request.Json() is not { } body) return Refused([new ExtraDetail("body", "Must be JSON.")]);
        var faults = new List<ExtraDetail>();
        Body.Check(body, "", faults);
        if (faults.Count > 0) return Refused([.. faults]);
        ledger.Append(new LedgerLine("checkIn")
        {
            Msn = caller.Required.Msn,
            Customer = Customer.HandleOf(body.GetProperty("phoneNumber").GetString()!),
            IsMember = body.GetProperty("isMember").GetBoolean(),
        });
        return Answer.Of(200, Guid.NewGuid().ToString(), SimulatorJson.Default.String);
    }

    /// <summary>This API says <c>invalidParams</c> where others say <c>extraDetails</c>.</summary>
    private static Answer Refused(ImmutableArray<ExtraDetail> faults) => Answer.Of(
        400,
        new CheckInProblemBody("https://vipps.example/problems/400", "Bad Request", "The request is not valid.", "/loyalty-check-in", faults),
        SimulatorJson.Default.CheckInProblemBody,
        Answer.Problem);

    [GeneratedRegex("^47[0-9]{8}$")]
    private static partial Regex Norwegian();
}
