using System.Text.Json;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Schemas;

namespace ChainCheckout.Simulator.Customers;

/// <summary><c>POST /qr/v1/exchange</c>: a scanned code for the phone number behind it.</summary>
internal sealed class QrApi(QrCodes codes, Ledger ledger)
{
    private static readonly ObjectSchema Body = new(
        new Field("qrCode", new TextSchema(Min: 1, Max: 2_048), Required: true),
        new Field("requestedData", new ListSchema(new TextSchema(OneOf: ["MSISDN"]))));

    public Answer Exchange(ApiRequest request, Caller caller)
    {
        if (request.Json() is not { } body) return Problems.From(Refusal.OfField("body", "Must be JSON."), request);
        var faults = new List<ExtraDetail>();
        Body.Check(body, "", faults);
        if (faults.Count > 0) return Problems.From(Refusal.OfFields(faults), request);
        if (codes.Resolve(body.GetProperty("qrCode").GetString()!) is not { } customer)
            return Problems.From(
                Refusal.OfField("qrCode", "The code is not a valid personal QR code, or it is too old."), request);
        ledger.Append(new LedgerLine("exchange") { Msn = caller.Required.Msn, Status = 200 });
        var shown = new ExchangeBody(customer.Msisdn, customer.Version, customer.MadeAt?.ToUnixTimeSeconds());
        return Answer.Of(200, shown, SimulatorJson.Default.ExchangeBody);
    }
}
