using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Logins.LoginState, ChainCheckout.Core.Logins.LoginReply>;

namespace ChainCheckout.Core.Logins;

/// <summary>
/// Brings a ping to the customer whose login it is; the payload names nobody, and it may come before the customer knows the
/// login's id. It is never stored: the customer asks by itself as well, so a ping that is lost only costs time.
/// </summary>
public sealed class Login : IMachine<LoginState, LoginMessage, LoginReply>
{
    private static readonly TimeSpan TellAgain = TimeSpan.FromSeconds(1);

    public ActorKind Kind => ActorKind.Login;

    public LoginMessage? Loaded => null;

    public LoginState Initial(string key) => new(new LoginId(key), null, Pinged: false, Told: false, DateTimeOffset.UnixEpoch);

    public Decision Decide(LoginState s, LoginMessage message, DateTimeOffset now) => (s, message) switch
    {
        ({ Owner: null }, LoginMessage.Belongs m) => Learn(s with { Owner = m.Customer, Told = s.Pinged }),
        ({ Owner: { } owner }, LoginMessage.Belongs m) when owner == m.Customer => Ignore(s),
        (_, LoginMessage.Belongs) =>
            new Decision(Verdict.Rejected, s, new LoginReply.Noted(false), Alert: "one login is claimed by two customers"),
        ({ Pinged: false }, LoginMessage.Ping) => Learn(s with { Pinged = true }),
        (_, LoginMessage.Ping) => Ignore(s),
        (_, LoginMessage.OwnerTold m) => Learn(m.Reached ? s with { Told = true } : s with { TellAt = now + TellAgain }),
        _ => throw new System.Diagnostics.UnreachableException($"No arm for {message.GetType().Name}."),
    };

    public ImmutableArray<Owed> Owed(LoginState s) =>
        s is { Owner: { } owner, Pinged: true, Told: false } ? [new Owed("tell", s.TellAt, new TellOwner(owner, s.Id))] : [];

    public LoginMessage Starting(object operation) => throw new NotSupportedException("What a login owes may be repeated.");

    public LoginMessage Lost(object operation) => new LoginMessage.OwnerTold(Reached: false);

    public ActorFlags Flags(LoginState s) => ActorFlags.None;

    public DateTimeOffset? ForgetAt(LoginState s) => null;

    public object? View(LoginState s, DateTimeOffset now) => null;

    public JsonTypeInfo<LoginState> StateJson(IStateCodec codec) => codec.States.LoginState;

    private static Decision Learn(LoginState next) => new(Verdict.Accepted, next, new LoginReply.Noted(next.Pinged), Keep.InMemory);

    private static Decision Ignore(LoginState s) => new(Verdict.Duplicate, s, new LoginReply.Noted(s.Pinged));
}
