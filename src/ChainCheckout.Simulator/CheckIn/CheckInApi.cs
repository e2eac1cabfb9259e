using System.Text.Json;
using System.Text.RegularExpressions;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Schemas;

namespace ChainCheckout.Simulator.CheckIn;

/// <summary><c>POST /point-of-sale/v1/loyalty-check-in</c>: shows the customer that the till knows them.</summary>
internal sealed partial class CheckInApi(Ledger ledger)
{
    // The programme's name was in the request at first and is set at the vendor since: both forms are in use.
    private static readonly ObjectSchema Body = new(
        new Field("phoneNumber", new TextSchema(Pattern: PhonePattern()), Required: true),
        new Field("isMember", new FlagSchema(), Required: true),
        new Field("loyaltyProgramName", new TextSchema(Min: 1)));

    public Answer CheckIn(ApiRequest request, Caller caller)
    {
        if (request.Json() is not { } body) return Problems.From(Refusal.OfField("body", "Must be JSON."), request);
        var faults = new List<ExtraDetail>();
        Body.Check(body, "", faults);
        if (faults.Count > 0) return Problems.From(Refusal.OfFields(faults), request);
        ledger.Append(new LedgerLine("checkIn")
        {
            Msn = caller.Required.Msn,
            Customer = CustomerHandle.Of(body.GetProperty("phoneNumber").GetString()!),
            IsMember = body.GetProperty("isMember").GetBoolean(),
        });
        return Answer.Of(200, Guid.NewGuid().ToString(), SimulatorJson.Default.String);
    }

    [GeneratedRegex(@"^47[0-9]{8}\z")]
    private static partial Regex PhonePattern();
}
