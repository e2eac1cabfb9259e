using System.Globalization;
using ChainCheckout.Load.Books;
using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Cli.Demos;

/// <summary>Tells one sale of a run in words and milliseconds, from the books: what the till did and saw, what Vipps
/// did.</summary>
internal static class DemoStory
{
    /// <returns>Lines; none if nothing was paid.</returns>
    public static IReadOnlyList<string> Tell(DemoFolder folder, TillBook tills, IReadOnlyList<Life> kills)
    {
        if (Pick(tills, kills) is not { BegunAt: { } from, PaidAt: { } until } sale) return [];
        var attempts = tills.Payments.Values
            .Where(payment => (payment.Store, payment.Till, payment.SaleId) == (sale.Store, sale.Till, sale.SaleId))
            .Select(payment => payment.Reference).ToHashSet(StringComparer.Ordinal);
        var told = new List<(DateTimeOffset At, string What)>();
        told.AddRange(BookFiles.ReadTills(folder.Tills)
            .Where(line => line.Store == sale.Store && line.Till == sale.Till && line.At >= from && line.At <= until)
            .Where(line => line.Role == "pos" || line.Kind == TranscriptKinds.Asked)
            .Select(line => (line.At, Words(line))));
        told.AddRange(BookFiles.ReadLedger(folder.Ledger)
            .Where(entry => entry.Reference is { } reference && attempts.Contains(reference))
            .Where(entry => entry.At >= from && entry.At <= until)
            .Select(entry => (entry.At, Words(entry))));
        told.AddRange(kills.Where(life => life.KilledAt >= from && life.KilledAt <= until)
            .Select(life => (life.KilledAt, "the server is killed (kill -9)")));
        told.AddRange(kills.Where(life => life.ReadyAt >= from && life.ReadyAt <= until)
            .Select(life => (life.ReadyAt, "the server is ready again")));

        var lines = new List<string> { $"One sale: till {sale.Till} of store {sale.Store}, payment {sale.Reference}" };
        lines.AddRange(told.Where(one => one.What.Length > 0).OrderBy(one => one.At).Select(one => string.Create(
            CultureInfo.InvariantCulture, $"{(one.At - from).TotalMilliseconds,9:F1} ms  {one.What}")));
        return lines;
    }

    /// <summary>One that lived through a kill; else one that was paid at the second attempt; else any that was
    /// paid.</summary>
    private static TillPayment? Pick(TillBook tills, IReadOnlyList<Life> kills)
    {
        var paid = tills.Payments.Values
            .Where(payment => payment is { PaidAt: not null, BegunAt: not null, AskedAt: not null })
            .ToList();
        return paid.Find(
            payment => kills.Any(life => life.KilledAt > payment.AskedAt && life.KilledAt < payment.PaidAt))
            ?? paid.Find(payment => payment.Attempt > 1)
            ?? paid.FirstOrDefault();
    }

    private static string Words(LedgerEntry entry) => entry.Kind switch
    {
        LedgerKinds.Created => "    Vipps: the payment exists, the push goes to the phone",
        LedgerKinds.Authorized => "    Vipps: the customer approves",
        LedgerKinds.Captured => "    Vipps: captured",
        LedgerKinds.WebhookSent =>
            $"    Vipps: webhook {entry.Event?.Split('.').ElementAtOrDefault(2)}, try {entry.Attempt}, " +
            (entry.Status is 0 or null ? "no answer" : $"answered {entry.Status}"),
        var other => $"    Vipps: {other}",
    };

    private static string Words(TranscriptLine line) => line.Kind switch
    {
        TranscriptKinds.Asked => line.Command switch
        {
            "scan" => line.Role == "scanner"
                ? "the store's scanner reads the customer's code"
                : "the till reads the customer's code",
            "phone" => "the cashier types the customer's number",
            "pay" => $"the cashier asks for {Money(line.AmountMinor, line.Currency)}",
            "cancel" => "the cashier cancels",
            "close" => "the cashier closes the sale",
            "refund" => $"the cashier gives back {Money(line.AmountMinor, line.Currency)} of {line.Reference}",
            "complete" => "the customer pays otherwise",
            var other => $"the till asks: {other}",
        },
        TranscriptKinds.Connected => $"the {line.Role} is connected; the server knows its commands up to {line.Number}",
        TranscriptKinds.View =>
            $"  the till shows {line.Stage} ({line.Code})" +
                (line.Receipt is { Tender: "vipps" } r ? $": {Money(r.AmountMinor, r.Currency)} PAID" : ""),
        TranscriptKinds.Reply => $"  the server answers: {line.Status}, {line.Code}",
        TranscriptKinds.Busy => "  the server is busy; the till asks again",
        TranscriptKinds.Error => $"  the server refuses: {line.Code}",
        TranscriptKinds.Cut => "the till has no connection",
        _ => "",
    };

    private static string Money(long? minor, string? currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{(minor ?? 0) / 100m:F2} {currency}");
}
