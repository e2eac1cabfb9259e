using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Tests.Actors;

namespace ChainCheckout.Tests.Tills;

/// <summary>One walk over all that a till can come to, and what it showed and answered on the way.</summary>
internal sealed class TillWalk
{
    private static readonly Lazy<TillWalk> Walked = new(() => new TillWalk());

    private readonly Till _machine = new(new TillSettings { ExchangeTriesMax = 2, CreditsMax = 1 }, TillAlphabet.Secret);

    private TillWalk()
    {
        var rules = new TillRules(_machine);
        var walk = new Walk<TillState, TillMessage, TillReply>(_machine)
        {
            Name = Name,
            Messages = TillAlphabet.Messages,
            AskStep = step =>
            {
                rules.AskStep(step);
                if (step.Made.Reply is TillReply.Answer { Reply: var reply } && !ReferenceEquals(step.Before, step.After)) Replies.Add((reply.Code, reply.Done, reply.Field ?? ""));
                if (step.After.Refund is { } refund) Refunds.Add((refund.Code, refund.IsOpen));

                // Asked and waiting count as one state: the walk goes on from the first of them only.
                if (step.Message is TillMessage.EnrolmentSays) Enrolled((TillView?)_machine.View(step.After, step.Now));
            },
            AskState = (state, now) =>
            {
                rules.AskState(state, now);
                var view = (TillView)_machine.View(state, now)!;
                if (state.Refund is not { IsOpen: true }) Views.Add(Row(view));
                Enrolled(view);
            },
            StatesMax = 80_000,
        };
        var start = _machine.Initial(TillAlphabet.Id.ToString());
        foreach (var role in Enum.GetValues<TillRole>()) start = _machine.Decide(start, TillAlphabet.Hello(role, 0, 0), Walk.Begin).State;

        Report = walk.Run(start);
        IsComplete = walk.IsComplete;
    }

    /// <summary>The same walk for every test that asks; a broken rule breaks each of them.</summary>
    public static TillWalk Once => Walked.Value;

    public string Report { get; }

    public bool IsComplete { get; }

    /// <summary>Every stage and code with what is allowed in it, while no refund is open.</summary>
    public SortedSet<(string Stage, TillCode Code, string Allowed)> Views { get; } = [];

    public SortedSet<(TillCode Code, bool Done, string Field)> Replies { get; } = [];

    public SortedSet<(TillCode Code, bool IsOpen)> Refunds { get; } = [];

    public SortedSet<(string Stage, TillCode Code)> Enrolments { get; } = [];

    private void Enrolled(TillView? view)
    {
        if (view?.Enrolment is { } enrolment) Enrolments.Add((enrolment.Stage, enrolment.Code));
    }

    /// <summary>Whether somebody may be asked to join is told in a sentence: it would double every row.</summary>
    private static (string, TillCode, string) Row(TillView view) =>
        (view.Stage, view.Code, string.Join(", ", view.Allowed.Where(one => one != "enrol").Select(one => $"`{one}`")));

    /// <summary>Numbers that only count are cut off; what is waited for has no bearing on what is decided.</summary>
    private static string Name(TillState s, DateTimeOffset now) => PlainJson.Bucketed(s with
    {
        Profile = null,
        Pos = Cut(s.Pos, now),
        Scanner = Cut(s.Scanner, now) with { GoneAt = null },
        Version = 0,
        Today = DayTotals.Empty,
        Held = s.Held is null ? null : "held",
        Visit = 0,
        Greeted = default,
        IsResumed = false,
        Credits = s.CreditsOwed.IsEmpty ? default : [new OwedCredit(default, TillAlphabet.Foreign, default, now, now)],
        Customer = s.Customer switch
        {
            Identity.Identifying scan => new Identity.Identifying(default, 0, scan.Tries, now),
            Identity.Identified known => Cut(known, s.Sale, now),
            _ => s.Customer,
        },
        Sale = Cut(s.Sale, now),
        Refund = s.Refund is { } refund
            ? refund with { Key = "", AskAt = now, Code = TillCode.RefundAsked, Stage = refund.IsOpen ? null : RefundStage.Done }
            : null,
    }, now, types => types.TillState);

    /// <summary>Who is known from before and looked up once more is decided about as one who was.</summary>
    private static Identity.Identified Cut(Identity.Identified known, Sale sale, DateTimeOffset now) => new(
        default, default, known.Met || known.Card is not null, null,
        known.Card is null or { Kind: MembershipKind.Unknown } ? null : new MemberCard(known.Card.Kind),
        known.Elsewhere && sale is Sale.None,
        known.Enrol is not { } slot ? null
            : new EnrolSlot("", "", "", false, now, slot.IsOpen && (slot.Status is null || sale is not Sale.None) ? null : new EnrolmentStatus("", sale is Sale.None or Sale.Open ? slot.Status!.Stage : EnrolmentStage.Joined, 0, null)));

    private static Sale Cut(Sale sale, DateTimeOffset now) => sale switch
    {
        Sale.Open open => open with { Attempts = Math.Min(open.Attempts, 1) },
        Sale.Holding held => held with { Until = now, Attempt = Cut(held.Attempt) },
        Sale.Paying p => p with
        {
            AskAt = now,
            Attempt = Cut(p.Attempt),
            Status = p.Status is { } status ? status with { Reference = TillAlphabet.Foreign, News = 0, EndsAt = null } : null,
        },
        Sale.Finished f => f with { Receipt = f.Receipt with { Reference = f.Receipt.Reference is null ? null : TillAlphabet.Foreign, At = now } },
        _ => sale,
    };

    private static Attempt Cut(Attempt attempt) =>
        attempt with { Reference = TillAlphabet.Foreign, Number = Math.Min(attempt.Number, 1), Lines = [], MinimumAge = null };

    private static RoleState Cut(RoleState role, DateTimeOffset now) => role with
    {
        Epoch = Math.Min(role.Epoch, 1),
        Session = Math.Min(role.Session, 1),
        LastNumber = 0,
        LastHash = "",
        LastReply = null,
        GoneAt = role.GoneAt is null ? null : now,
    };
}
