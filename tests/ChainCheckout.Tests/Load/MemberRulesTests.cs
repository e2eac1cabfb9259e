using ChainCheckout.Load.Books;
using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Tests.Load;

/// <summary>What the books of a demo say of its members, when something is wrong with them.</summary>
public sealed class MemberRulesTests
{
    private const string Sale = "s1-t2-1-3";
    private const string Handle = "c0ffee";
    private static readonly DateTimeOffset Noon = new(2026, 10, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly BookProgramme Programme = new(MinorPerPoint: 100, StampsFull: 10, HasWelcome: true, CheckPoints: 150);

    private readonly List<LedgerEntry> _ledger = [];
    private readonly List<TranscriptLine> _tills = [];
    private string? _imported = "m-1";
    private StoredMember _stored = new("m-1", DateTimeOffset.UnixEpoch, 100, 0, 0, 0, 0);

    [Fact]
    public void OneSaleAndItsEvents_Agree()
    {
        Sells(10_000);
        Tells("p", LedgerKinds.MemberUpdated, 100);
        Tells("s", LedgerKinds.StampCardUpdated);

        Assert.Empty(Violations());
    }

    [Fact]
    public void ASaleThatWasNotTold_Violates()
    {
        Sells(10_000);
        Tells("s", LedgerKinds.StampCardUpdated);

        Assert.Equal([$"I-21: {Sale}-p of m-1 was neither accepted nor made old"], Violations());
    }

    [Fact]
    public void PointsThatNoSaleGave_Violate()
    {
        _stored = _stored with { Points = 110 };
        Sells(10_000);
        Tells("p", LedgerKinds.MemberUpdated, 110);
        Tells("s", LedgerKinds.StampCardUpdated);

        Assert.Equal(["I-21: m-1 has 110 points, the sales give 100"], Violations());
    }

    [Fact]
    public void PointsThatBecameACheck_Agree()
    {
        SellsForACheck();

        Assert.Empty(Violations());
    }

    [Fact]
    public void ACheckThatVippsWasNotToldOf_Violates()
    {
        SellsForACheck();
        _ledger.RemoveAll(entry => entry.Event == LedgerKinds.BonusCheckCreated);

        Assert.Equal(["I-21: Vipps was told of 0 checks of m-1 and of the end of 0, stored are 1"], Violations());
    }

    [Fact]
    public void EnoughPointsForACheck_AndNone_Violate()
    {
        _stored = _stored with { Points = 200 };
        Sells(20_000);
        Tells("p", LedgerKinds.MemberUpdated, 200);
        Tells("s", LedgerKinds.StampCardUpdated);

        Assert.Equal(["I-21: m-1 has 200 points, of which 150 are a check"], Violations());
    }

    [Fact]
    public void AMemberWithoutAnApproval_Violates()
    {
        _imported = null;
        _stored = new StoredMember("m-0001-02-e1-7-1a2b", Noon, 0, 0, 0, 0, 0);
        Tells("0001-02-e1-7-m", "benefits.member.registered", contact: _stored.MemberId!, whole: true);
        Tells("0001-02-e1-7-w", "benefits.coupon.updated", contact: _stored.MemberId!, whole: true);

        Assert.Equal(["I-24: m-0001-02-e1-7-1a2b is a member without an approval"], Violations());
    }

    [Theory]
    [InlineData(false, "I-25: c0ffee was checked in 1 times with the wrong membership")]
    [InlineData(true, "I-25: c0ffee was checked in 2 times in 1 visits")]
    public void CheckIns_OnceAVisit_AndTrue(bool isMember, string violation)
    {
        Sells(10_000);
        Tells("p", LedgerKinds.MemberUpdated, 100);
        Tells("s", LedgerKinds.StampCardUpdated);
        for (var i = 0; i < (isMember ? 2 : 1); i++) _ledger.Add(new LedgerEntry(9 + i, Noon, LedgerKinds.CheckIn, Customer: Handle, IsMember: isMember));

        Assert.Equal([violation], Violations());
    }

    private void SellsForACheck()
    {
        _stored = _stored with { Points = 50, Checks = 1, CheckPoints = 150 };
        Sells(20_000);
        Tells("p", LedgerKinds.MemberUpdated, 50);
        Tells("s", LedgerKinds.StampCardUpdated);
        Tells("b", LedgerKinds.BonusCheckCreated);
    }

    private void Sells(long minor)
    {
        foreach (var kind in new[] { LedgerKinds.Created, LedgerKinds.Authorized, LedgerKinds.Captured })
            _ledger.Add(new LedgerEntry(_ledger.Count + 1, Noon, kind, Reference: Sale, AmountMinor: minor));
        _tills.Add(new TranscriptLine(Noon, 1, 2, "pos", "asked") { Command = "pay", SaleId = "sale-1", AmountMinor = minor, Currency = "NOK" });
        _tills.Add(new TranscriptLine(Noon, 1, 2, "pos", "reply") { Status = "done", Code = "PushOrdered", SaleId = "sale-1", Reference = Sale });
    }

    private void Tells(string what, string action, long? balance = null, string contact = "m-1", bool whole = false) => _ledger.Add(new LedgerEntry(
        _ledger.Count + 1, Noon.AddSeconds(1), LedgerKinds.Loyalty, Event: action, EventId: whole ? what : $"{Sale}-{what}", ContactId: contact, Balance: balance,
        Timestamp: Noon.AddSeconds(1)));

    private IReadOnlyList<string> Violations()
    {
        var customer = new BookCustomer(Handle, _imported, _stored);
        var rules = new MemberRules(
            _ledger, new LedgerBook(_ledger), new TillBook(_tills), new Dictionary<string, BookCustomer> { ["sale-1"] = customer }, [customer], Programme);
        return rules.Violations;
    }
}
