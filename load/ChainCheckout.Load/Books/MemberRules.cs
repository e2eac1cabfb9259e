using System.Globalization;

namespace ChainCheckout.Load.Books;

/// <summary>One customer of a run, as all books know them.</summary>
/// <param name="Handle">In the ledger.</param>
/// <param name="ImportedId">The member id that was imported; null for a customer who was none.</param>
public sealed record BookCustomer(string Handle, string? ImportedId, StoredMember Stored);

/// <summary>A customer as the server has stored them.</summary>
/// <param name="MemberId">Null: no member.</param>
/// <param name="Points">Not those that have become checks.</param>
/// <param name="EventsOwed">What Vipps has not been told.</param>
public sealed record StoredMember(
    string? MemberId, DateTimeOffset? JoinedOn, long Points, int Checks, long CheckPoints, int EventsOwed, int Letters)
{
    public static readonly StoredMember None = new(null, null, 0, 0, 0, 0, 0);
}

/// <param name="MinorPerPoint">Of the run's programme.</param>
/// <param name="StampsFull">Stamps on a full card, which gives a coupon.</param>
/// <param name="HasWelcome">An enrolment gives a coupon.</param>
/// <param name="CheckPoints">So many points become a bonus check.</param>
public sealed record BookProgramme(long MinorPerPoint, int StampsFull, bool HasWelcome, long CheckPoints);

/// <param name="Expected">Events that the sales and enrolments give.</param>
/// <param name="Accepted">Of these, in the ledger.</param>
/// <param name="Merged">Of these, made old by a newer whole value that is in the ledger.</param>
public sealed record EventSums(int Expected, int Accepted, int Merged);

/// <summary>
/// Holds the members of a run against the ledger: each sale's exact set of events, once, and nothing else. Members begin
/// without points.
/// </summary>
public sealed class MemberRules
{
    private readonly List<string> _violations = [];
    private readonly BookProgramme _programme;
    private int _expected;
    private int _accepted;
    private int _merged;

    /// <param name="visits">Who stood at the till, by the sale's name.</param>
    public MemberRules(
        IReadOnlyList<LedgerEntry> entries, LedgerBook ledger, TillBook tills, IReadOnlyDictionary<string, BookCustomer> visits,
        IReadOnlyList<BookCustomer> customers, BookProgramme programme)
    {
        _programme = programme;
        var sales = SalesOf(ledger, tills, visits).ToLookup(sale => sale.Customer);
        var events = entries.Where(entry => entry.Kind == LedgerKinds.Loyalty).ToLookup(entry => entry.ContactId!, StringComparer.Ordinal);
        var accepted = entries.Where(entry => entry.Kind == LedgerKinds.LoginAccepted).Select(entry => entry.Customer!).ToHashSet(StringComparer.Ordinal);
        var checkIns = entries.Where(entry => entry.Kind == LedgerKinds.CheckIn).ToLookup(entry => entry.Customer!, StringComparer.Ordinal);
        var visitsOf = visits.Values.CountBy(customer => customer.Handle).ToDictionary();
        var contacts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var customer in customers)
        {
            AskMembership(customer, accepted);
            AskCheckIns(customer, [.. checkIns[customer.Handle]], visitsOf.GetValueOrDefault(customer.Handle));
            if (customer.Stored.MemberId is not { } id) continue;
            contacts.Add(id);
            AskEvents(customer, id, [.. sales[customer].Where(sale => sale.At >= customer.Stored.JoinedOn)], [.. events[id]]);
        }

        foreach (var stray in events.Where(contact => !contacts.Contains(contact.Key)))
            _violations.Add($"I-21: {stray.Count()} events are of {stray.Key}, who is no member");
    }

    /// <summary>Each begins with the number of its invariant.</summary>
    public IReadOnlyList<string> Violations => _violations;

    public EventSums Sums => new(_expected, _accepted, _merged);

    private static IEnumerable<Sold> SalesOf(LedgerBook ledger, TillBook tills, IReadOnlyDictionary<string, BookCustomer> visits)
    {
        foreach (var payment in tills.Payments.Values)
        {
            if (visits.TryGetValue(payment.SaleId, out var customer) && ledger.Payments.TryGetValue(payment.Reference, out var money)
                && money is { CapturedMinor: > 0, CapturedAt: { } at })
            {
                yield return new Sold(customer, payment.Reference, money.CapturedMinor, money.RefundedMinor, at);
            }
        }

        foreach (var completed in tills.Completed.Values)
        {
            if (visits.TryGetValue(completed.SaleId, out var customer))
                yield return new Sold(customer, completed.Reference, completed.AmountMinor, 0, completed.At);
        }
    }

    private void AskMembership(BookCustomer customer, HashSet<string> accepted)
    {
        var id = customer.Stored.MemberId;
        if (customer.ImportedId is { } imported && id != imported) _violations.Add($"I-21: {imported} was imported and is no member");
        if (customer.ImportedId is null && id is not null && !accepted.Contains(customer.Handle))
            _violations.Add($"I-24: {id} is a member without an approval");
        if (customer.Stored.EventsOwed > 0) _violations.Add($"I-21: {customer.Stored.EventsOwed} events of {id} are not published");
        if (customer.Stored.Letters > 0) _violations.Add($"I-21: {customer.Stored.Letters} events of {id} were put aside");
    }

    private void AskCheckIns(BookCustomer customer, LedgerEntry[] checkIns, int visits)
    {
        if (checkIns.Length > visits) _violations.Add($"I-25: {customer.Handle} was checked in {checkIns.Length} times in {visits} visits");
        var wrong = customer switch
        {
            { ImportedId: not null } => checkIns.Count(one => one.IsMember != true),
            { Stored.MemberId: null } => checkIns.Count(one => one.IsMember != false),
            _ => 0,
        };
        if (wrong > 0) _violations.Add($"I-25: {customer.Handle} was checked in {wrong} times with the wrong membership");
    }

    private void AskEvents(BookCustomer customer, string id, Sold[] sales, LedgerEntry[] events)
    {
        var byId = events.ToDictionary(one => one.EventId!, StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sale in sales)
        {
            Expect($"{sale.Reference}-p", LedgerKinds.MemberUpdated, sale.At);
            Expect($"{sale.Reference}-s", LedgerKinds.StampCardUpdated, sale.At);
            known.Add($"{sale.Reference}-c");
            if (sale.RefundedMinor == 0) continue;

            // None where the sale was counted after the refund already; the balance tells.
            var refund = string.Create(CultureInfo.InvariantCulture, $"{sale.Reference}-p{sale.RefundedMinor}");
            if (byId.ContainsKey(refund) || IsOld(LedgerKinds.MemberUpdated, sale.At)) Expect(refund, LedgerKinds.MemberUpdated, sale.At);
        }

        if (customer.ImportedId is null && KeyOf(id) is { } key)
        {
            Expect($"{key}-m", null, default);
            if (_programme.HasWelcome) Expect($"{key}-w", null, default);
        }

        var coupons = events.Count(one => one.EventId!.EndsWith("-c", StringComparison.Ordinal));
        _expected += coupons;
        _accepted += coupons;
        if (coupons != sales.Length / _programme.StampsFull)
            _violations.Add($"I-21: {id} has {coupons} coupons for {sales.Length} stamps");
        AskChecks(customer, id, sales, events, known);
        foreach (var stray in byId.Keys.Except(known)) _violations.Add($"I-21: {stray} belongs to no sale of {id}");

        var points = sales.Sum(sale => (sale.Minor - sale.RefundedMinor) / _programme.MinorPerPoint);
        var stored = customer.Stored.Points + customer.Stored.CheckPoints;
        if (stored != points) _violations.Add($"I-21: {id} has {stored} points, the sales give {points}");
        var told = events.Where(one => one.Event == LedgerKinds.MemberUpdated).MaxBy(one => one.Timestamp);
        if (told is not null && told.Balance != customer.Stored.Points)
            _violations.Add($"I-21: Vipps was last told {told.Balance} points of {id}, stored are {customer.Stored.Points}");

        void Expect(string eventId, string? wholeValue, DateTimeOffset since)
        {
            known.Add(eventId);
            _expected++;
            if (byId.ContainsKey(eventId)) _accepted++;
            else if (wholeValue is not null && IsOld(wholeValue, since)) _merged++;
            else _violations.Add($"I-21: {eventId} of {id} was neither accepted nor made old");
        }

        bool IsOld(string action, DateTimeOffset since) =>
            events.Any(one => one.Event == action && one.Timestamp > since - BookRules.ClockTolerance);
    }

    /// <summary>Enough points are a check, and what Vipps was told of checks adds up to those that are there.</summary>
    private void AskChecks(BookCustomer customer, string id, Sold[] sales, LedgerEntry[] events, HashSet<string> known)
    {
        if (customer.Stored.Points < 0 || customer.Stored.Points >= _programme.CheckPoints)
            _violations.Add($"I-21: {id} has {customer.Stored.Points} points, of which {_programme.CheckPoints} are a check");
        string[] created = [.. events.Where(one => one.Event == LedgerKinds.BonusCheckCreated).Select(one => one.EventId!)];
        string[] deleted = [.. events.Where(one => one.Event == LedgerKinds.BonusCheckDeleted).Select(one => one.EventId!)];
        if (created.Length - deleted.Length != customer.Stored.Checks)
            _violations.Add($"I-21: Vipps was told of {created.Length} checks of {id} and of the end of {deleted.Length}, stored are {customer.Stored.Checks}");
        known.UnionWith(created.Concat(deleted).Where(one => sales.Any(sale => one.StartsWith($"{sale.Reference}-", StringComparison.Ordinal))));
        _expected += created.Length + deleted.Length;
        _accepted += created.Length + deleted.Length;
    }

    /// <summary>A member id that an enrolment has made holds its key: <c>m-0001-03-e1-7-1a2b</c>.</summary>
    private static string? KeyOf(string id) => id.StartsWith("m-", StringComparison.Ordinal) && id.Length > 7 ? id[2..^5] : null;

    private sealed record Sold(BookCustomer Customer, string Reference, long Minor, long RefundedMinor, DateTimeOffset At);
}
