using System.Buffers.Text;
using System.Security.Cryptography;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Time;
using ChainCheckout.Simulator.Webhooks;

namespace ChainCheckout.Simulator.Login;

/// <summary>A login's place. Its session is read and written under the book's gate.</summary>
internal sealed class LoginSlot(string authReqId, LoginSession session)
{
    public string AuthReqId => authReqId;

    public LoginSession Session { get; set; } = session;

    /// <summary>Ends when the first ping was tried, or when nobody wants one.</summary>
    public TaskCompletionSource Pinged { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// All logins. The one place where a login changes: what happened goes to the ledger, and as a ping to the webhooks.
/// </summary>
internal sealed class LoginBook(SimulatedClock clock, Alarms alarms, Ledger ledger, WebhookApi webhooks)
{
    // The wire's unrest is not the caller's haste.
    private static readonly TimeSpan RealSlack = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LoginSlot> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LoginSlot> _newest = new(StringComparer.Ordinal);
    private long _number;
    private volatile LoginPings _pings = LoginPings.Usual;

    public LoginPings Pings
    {
        get => _pings;
        set => _pings = value;
    }

    /// <returns>Null while the person has a login under way already.</returns>
    public LoginSlot? Start(LoginOrder order)
    {
        lock (_gate)
        {
            if (_newest.TryGetValue(order.Msisdn, out var last) && Settled(last).State == LoginState.Pending)
                return null;
            var session = new LoginSession(++_number, order);
            var slot = new LoginSlot(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), session);
            _slots[slot.AuthReqId] = _newest[order.Msisdn] = slot;
            Note("loginRequested", session);
            if (LoginMachine.SettlesAt(Settled(slot)) is { } due) WakeAt(slot, due);
            return slot;
        }
    }

    /// <returns>The session and its error; no session when the client has none of that id.</returns>
    public (LoginSession? Session, string? Error) Poll(string authReqId, string clientId)
    {
        lock (_gate)
        {
            if (!_slots.TryGetValue(authReqId, out var slot)) return (null, "invalid_grant");
            if (slot.Session.Order.ClientId != clientId) return (null, "invalid_grant");
            var (next, error) = LoginMachine.Poll(Settled(slot), clock.Now, RealSlack * clock.Factor);
            slot.Session = next;
            return (next, error);
        }
    }

    /// <summary>The state of a person's newest login; null if there was none.</summary>
    public LoginState? StateOf(string msisdn)
    {
        lock (_gate) return _newest.TryGetValue(msisdn, out var slot) ? Settled(slot).State : null;
    }

    /// <returns>False when no login of the person waits.</returns>
    public bool ActByHand(string msisdn, bool accepts)
    {
        lock (_gate)
        {
            if (!_newest.TryGetValue(msisdn, out var slot)) return false;
            var before = Settled(slot);
            Change(slot, LoginMachine.Answer(before, accepts, clock.Now));
            return before.State == LoginState.Pending;
        }
    }

    public void NoteUserInfo(LoginSession session) => Note("userInfo", session);

    private LoginSession Settled(LoginSlot slot)
    {
        Change(slot, LoginMachine.Settle(slot.Session, clock.Now));
        return slot.Session;
    }

    private void Change(LoginSlot slot, LoginSession next)
    {
        if (ReferenceEquals(slot.Session, next)) return;
        slot.Session = next;
        Note(KindOf(next.State), next);
        Ping(slot, next);
    }

    private void Ping(LoginSlot slot, LoginSession session)
    {
        var copies = _pings switch
        {
            LoginPings.None => 0,
            LoginPings.Twice => 2,
            _ => 1,
        };
        var posted = 0;
        for (var i = 0; i < copies; i++)
        {
            posted += webhooks.Tell(
                session.Order.Msn, EventTypes.LoginPing, () => LoginBodies.Ping(slot, session.Order.Msn));
        }

        if (posted == 0) slot.Pinged.TrySetResult();
    }

    private void Note(string kind, LoginSession session) => ledger.Append(new LedgerLine(kind)
    {
        Msn = session.Order.Msn,
        Customer = CustomerHandle.Of(session.Order.Msisdn),
        Login = session.Number,
    });

    private void WakeAt(LoginSlot slot, DateTimeOffset due) => alarms.Set(
        due,
        static state =>
        {
            var (book, slot) = ((LoginBook, LoginSlot))state;
            lock (book._gate) book.Settled(slot);
        },
        (this, slot));

    private static string KindOf(LoginState state) => state switch
    {
        LoginState.Accepted => "loginAccepted",
        LoginState.Denied => "loginDenied",
        _ => "loginExpired",
    };
}
