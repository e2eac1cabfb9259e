using ChainCheckout.Load.Books;
using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Tests.Load;

public sealed class BookRulesTests
{
    private const string Reference = "s1-t2-1-3";
    private const string Other = "s1-t2-1-5";
    private static readonly DateTimeOffset Noon = new(2026, 10, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly List<LedgerEntry> _ledger = [];
    private readonly List<TranscriptLine> _tills = [];
    private readonly List<StoredPayment> _stored = [];

    [Fact]
    public void Books_OfAPaidAndPartlyRefundedSale_Agree()
    {
        SellOne();
        Vipps("refunded", 4_000, seconds: 5);
        Shows(6, new TranscriptRefund(Reference, 4_000, "NOK", "refunded", "RefundDone"));
        Stores(10_000, 4_000);

        Assert.Empty(Violations());
    }

    [Fact]
    public void Books_OfNothing_Agree() => Assert.Empty(Violations());

    [Fact]
    public void Books_WithAReferenceCreatedTwice_ViolateI1()
    {
        SellOne();
        Stores(10_000, 0);
        Vipps("created", 10_000);

        Assert.Equal($"I-1: {Reference} was created 2 times", Assert.Single(Violations()));
    }

    [Fact]
    public void Books_WithTwoCapturesOfOneSale_ViolateI1()
    {
        SellOne();
        Stores(10_000, 0);
        SellOne(Other, begins: 10);
        Stores(10_000, 0, Other);

        var violation = Assert.Single(Violations());
        Assert.StartsWith("I-1: sale sale-1 of till 1-2", violation, StringComparison.Ordinal);
    }

    [Fact]
    public void Books_WithLessCapturedThanAskedFor_ViolateI2()
    {
        SellOne(captured: 9_900, receipt: 9_900);
        Stores(9_900, 0);
        Vipps("cancelled", 100);

        Assert.Equal([$"I-2: {Reference} has 9900 captured, asked for were 10000"], Violations());
    }

    [Fact]
    public void Books_WithMoreCapturedThanAuthorized_ViolateI2() =>
        Assert.Contains(Sold(captured: 10_100, receipt: 10_100),
            line =>
                line.StartsWith("I-2:", StringComparison.Ordinal)
                    && line.EndsWith("of 10000 authorised", StringComparison.Ordinal));

    [Fact]
    public void Books_WithACaptureThatNoTillAskedFor_ViolateI2()
    {
        Vipps("authorized", 10_000);
        Vipps("captured", 10_000);

        Assert.Contains($"I-2: {Reference} has 10000 captured and no till asked for it", Violations());
    }

    [Fact]
    public void Books_WithACaptureBeforeItsAuthorization_ViolateI3()
    {
        SellOne(captureFirst: true);
        Stores(10_000, 0);

        Assert.Equal([$"I-3: {Reference} was captured before it was authorised"], Violations());
    }

    [Fact]
    public void Books_WithMoneyButNoReceipt_ViolateI4PerReferenceAndStoreAndTotal()
    {
        Asks();
        Vipps("created", 10_000);
        Vipps("authorized", 10_000);
        Vipps("captured", 10_000);
        Stores(10_000, 0);

        Assert.Equal(
            [
                $"I-4: {Reference}: ledger 10000 captured and 0 refunded, receipts 0 and 0",
                "I-4: store 1: ledger 10000, receipts 0, storage 10000",
                "I-4: in total: ledger 10000, receipts 0, storage 10000",
            ],
            Violations());
    }

    [Fact]
    public void Books_WithARefundThatNoTillShowed_ViolateI4()
    {
        SellOne();
        Vipps("refunded", 4_000);
        Stores(10_000, 4_000);

        Assert.Contains(
            $"I-4: {Reference}: ledger 10000 captured and 4000 refunded, receipts 10000 and 0", Violations());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10_000, 1)]
    public void Books_WithAnotherStoryInStorage_ViolateI4(long captured, long refunded)
    {
        SellOne();
        Stores(captured, refunded);

        Assert.Contains(
            $"I-4: {Reference}: ledger 10000 captured and 0 refunded, storage {captured} and {refunded} (Captured)",
            Violations());
    }

    [Fact]
    public void Books_WithAPaymentThatStorageForgot_ViolateI4()
    {
        SellOne();

        Assert.Contains(
            $"I-4: {Reference}: ledger 10000 captured and 0 refunded, storage 0 and 0 (absent)", Violations());
    }

    [Fact]
    public void Books_WithMoneyLeftReserved_ViolateI5()
    {
        Vipps("authorized", 10_000);
        Vipps("cancelled", 4_000);

        Assert.Equal([$"I-5: {Reference} has 6000 authorised that is neither captured nor cancelled"], Violations());
    }

    [Fact]
    public void Books_WithAReceiptThatWasNeverCaptured_ViolateI6()
    {
        Asks();
        Paid(4, 10_000);

        Assert.Contains($"I-6: {Reference} was shown as paid and never captured", Violations());
    }

    [Fact]
    public void Books_WithAReceiptBeforeTheCapture_ViolateI6()
    {
        SellOne(paidAt: 2.5);
        Stores(10_000, 0);

        Assert.Equal([$"I-6: {Reference} was shown as paid 500 ms before it was captured"], Violations());
    }

    [Theory]
    [InlineData("PaymentRefused")]
    [InlineData("PaymentExpired")]
    [InlineData("PaymentCancelled")]
    public void Books_WithACaptureThatATillShowedAsUnpaid_ViolateI6(string code)
    {
        Asks();
        _tills.Add(Line(3.5, "view") with { SaleId = "sale-1", Stage = "ready", Code = code });
        SellOne();
        Stores(10_000, 0);

        Assert.Equal([$"I-6: {Reference} was shown as {code} and is captured"], Violations());
    }

    [Fact]
    public void Books_WithMoreRefundedThanCaptured_ViolateI11()
    {
        SellOne();
        Vipps("refunded", 10_001);
        Shows(6, new TranscriptRefund(Reference, 10_001, "NOK", "refunded", "RefundDone"));
        Stores(10_000, 10_001);

        Assert.Equal([$"I-11: {Reference} has 10001 refunded of 10000 captured"], Violations());
    }

    [Fact]
    public void Receipt_ShownAgainAndAgain_CountsOnce()
    {
        SellOne();
        Paid(5, 10_000);
        Paid(6, 10_000);
        Stores(10_000, 0);

        Assert.Empty(Violations());
        Assert.Equal(new ReceiptSums(1, 10_000, 0, 0), ReceiptSums.Of(new TillBook(_tills)));
    }

    [Fact]
    public void Refund_ThatStaysOnTheScreen_CountsOnce()
    {
        var refund = new TranscriptRefund(Reference, 4_000, "NOK", "refunded", "RefundDone");
        SellOne();
        Shows(6, refund with { Stage = "refunding" });
        Shows(7, refund);
        Shows(8, refund with { });
        Shows(9, refund: null);

        Assert.Equal(new ReceiptSums(1, 10_000, 1, 4_000), ReceiptSums.Of(new TillBook(_tills)));
    }

    [Fact]
    public void WebhookLag_IsFromTheAnsweredTryToThePaidView()
    {
        SellOne();
        _ledger.Add(new LedgerEntry(
            90, Noon.AddSeconds(3.2), "webhookSent", "m", Reference, Event: LedgerKinds.AuthorizedEvent, Status: 0));
        _ledger.Add(new LedgerEntry(
            91, Noon.AddSeconds(3.6), "webhookSent", "m", Reference, Event: LedgerKinds.AuthorizedEvent, Status: 200));

        var lag = WebhookLag.Measure(new LedgerBook(_ledger), new TillBook(_tills));

        Assert.Equal(1, lag.Count);
        Assert.Equal(400, lag.MaxMs);
    }

    private IReadOnlyList<string> Violations() =>
        BookRules.Violations(new LedgerBook(_ledger), new TillBook(_tills), _stored);

    private IReadOnlyList<string> Sold(long captured, long receipt)
    {
        SellOne(captured: captured, receipt: receipt);
        Stores(captured, 0);
        return Violations();
    }

    /// <summary>Asked at 0 s, created at 1, authorised at 2, captured at 3, shown as paid at 4.</summary>
    private void SellOne(
        string reference = Reference, double begins = 0, long captured = 10_000, long receipt = 10_000,
        double paidAt = 4, bool captureFirst = false)
    {
        Asks(reference, begins);
        Vipps("created", 10_000, reference, begins + 1);
        if (captureFirst) Vipps("captured", captured, reference, begins + 2);
        Vipps("authorized", 10_000, reference, begins + 2);
        if (!captureFirst) Vipps("captured", captured, reference, begins + 3);
        Paid(begins + paidAt, receipt, reference);
    }

    private void Asks(string reference = Reference, double at = 0)
    {
        _tills.Add(
            Line(at, "asked") with { Command = "pay", SaleId = "sale-1", AmountMinor = 10_000, Currency = "NOK" });
        _tills.Add(
            Line(at, "reply") with { Status = "done", Code = "PushOrdered", SaleId = "sale-1", Reference = reference });
    }

    private void Paid(double at, long amountMinor, string reference = Reference) => _tills.Add(Line(at, "view") with
    {
        SaleId = "sale-1", Stage = "paid", Code = "Paid",
        Receipt = new TranscriptReceipt("sale-1", "vipps", reference, amountMinor, "NOK"),
    });

    private void Shows(double at, TranscriptRefund? refund) =>
        _tills.Add(Line(at, "view") with { Stage = "idle", Code = "Idle", Refund = refund });

    private void Vipps(string kind, long amountMinor, string reference = Reference, double seconds = 3) =>
        _ledger.Add(
            new LedgerEntry(_ledger.Count + 1, Noon.AddSeconds(seconds), kind, "m", reference, amountMinor, "NOK"));

    private void Stores(long captured, long refunded, string reference = Reference) =>
        _stored.Add(new StoredPayment(reference, "Captured", captured, refunded));

    private static TranscriptLine Line(double seconds, string kind) => new(Noon.AddSeconds(seconds), 1, 2, "pos", kind);
}
