using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.People;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.Checks;

/// <summary>A write, with what both states say.</summary>
/// <param name="Before">Null for a first save.</param>
internal sealed record SavedState(DiskWrite Write, object? Before, object After)
{
    public ActorId Id => Write.Save.Id;
}

/// <summary>
/// Asks one thing of a run: at each step what can be asked then, and at rest what only then must hold. It looks from outside:
/// at the disk, at Vipps' own ledger, at what tills were shown.
/// </summary>
internal abstract class Checker(World world)
{
    public string Name => GetType().Name;

    /// <summary>Which of the numbered invariants it asks for.</summary>
    public abstract string Invariants { get; }

    /// <summary>Null: it holds whatever happens. Otherwise why it may break in a run whose storage went back in time.</summary>
    public virtual string? MayBreakWhenRolledBack => null;

    protected World World => world;

    public virtual void Saved(SavedState saved)
    {
    }

    public virtual void Starts(Node node, ActorId actor, object operation)
    {
    }

    /// <summary>The first byte of a call that changes something at Vipps leaves.</summary>
    public virtual void ChangeLeaves(Node node, PaymentReference reference, string key, object request)
    {
    }

    public virtual void Sent(PaymentReference reference)
    {
    }

    public virtual void ReadAnswered(PaymentReference reference, object answer)
    {
    }

    public virtual void Happened(Effect effect, HeldPayment held)
    {
    }

    public virtual void KeyReused(PaymentReference reference, string key, string before, string now)
    {
    }

    public virtual void Published(CustomerId customer, LoyaltyEvent happened)
    {
    }

    /// <summary>A check-in leaves; <paramref name="isFresh"/>: from a machine that was never cut off.</summary>
    public virtual void Arrived(CustomerId customer, bool isMember, bool isFresh)
    {
    }

    public virtual void Shown(Pos pos, TillView view)
    {
    }

    /// <summary>The POS did not show a view, for it is not newer than the one that stands.</summary>
    public virtual void Dropped(Pos pos, TillView stands, TillView dropped)
    {
    }

    public virtual void Answered(TillClient client, uint number, TillCommand body, TillAnswer answer)
    {
    }

    public virtual void Welcomed(TillClient client, TillReply.Welcome welcome)
    {
    }

    public virtual void Logged(string text)
    {
    }

    public virtual void TurnFailed(ActorId id, Exception failure)
    {
    }

    public virtual void AtRest()
    {
    }

    /// <param name="about">Actors, references and sales whose story should be told.</param>
    protected void Fail(string what, params string[] about) => world.Checks.Fail(this, what, about);

    protected void Ask(bool holds, string what, params string[] about)
    {
        if (!holds) Fail(what, about);
    }
}
