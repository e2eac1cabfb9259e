namespace ChainCheckout.Gateway.Admin;

/// <summary>One row of a member file.</summary>
/// <param name="Line">In the file; what is refused is told by it.</param>
public sealed record MemberRow(
    int Line, string MemberId, string Phone, DateTimeOffset JoinedOn, long Points, bool AcceptsEmail, bool AcceptsSms, bool AcceptsPostal)
{
    public override string ToString() => $"line {Line}";
}

/// <param name="Unchanged">Were members already, under the same id.</param>
public sealed record ImportSums(int Imported, int Unchanged, IReadOnlyList<RefusedRow> Refused);

public sealed record RefusedRow(int Line, string Why);

public sealed record PhoneBody(string Phone)
{
    public override string ToString() => nameof(PhoneBody);
}

public sealed record MoveBody(string From, string To)
{
    public override string ToString() => nameof(MoveBody);
}

/// <param name="IsNew">Vipps knows nothing of the member.</param>
public sealed record PublishBody(string Phone, bool IsNew)
{
    public override string ToString() => nameof(PublishBody);
}

/// <param name="Result"><c>erased</c>, <c>unknown</c>, <c>moved</c>, <c>underWay</c>, <c>published</c>, or why not.</param>
public sealed record MemberResult(string Result);

/// <summary>A member as an operator reads it: no number, no name.</summary>
public sealed record MemberNow(
    string Customer, string? MemberId, DateTimeOffset? JoinedOn, long Points, int Stamps, int Coupons, int BonusChecks,
    int EventsWaiting, int Letters);

/// <summary>What could not be delivered or counted.</summary>
/// <param name="Id"><c>customer/letter</c>.</param>
/// <param name="Action">Of the event; null for a sale that came too late to be counted.</param>
public sealed record Letter(string Id, DateTimeOffset At, string Why, string? Action, string? MemberId);

public sealed record LoyaltyBacklog(int CustomersWaiting, int EventsWaiting, int Letters);
