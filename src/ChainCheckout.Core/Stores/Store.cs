using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;
using Decision = ChainCheckout.Core.Actors.Decision<
    ChainCheckout.Core.Stores.StoreState, ChainCheckout.Core.Stores.StoreReply>;

namespace ChainCheckout.Core.Stores;

/// <summary>Says whether a till may sell. Asked at Hello only: never on the path of a frame.</summary>
public sealed class Store : IMachine<StoreState, StoreMessage, StoreReply>
{
    public ActorKind Kind => ActorKind.Store;

    public StoreMessage? Loaded => null;

    public StoreState Initial(string key) => new(null, []);

    public Decision Decide(StoreState state, StoreMessage message, DateTimeOffset now) => (state, message) switch
    {
        (_, StoreMessage.Configure m) when state.Profile == m.Profile && state.Tills.SequenceEqual(m.Tills) =>
            new Decision(Verdict.Duplicate, state, new StoreReply.Configured()),
        (_, StoreMessage.Configure m) =>
            new Decision(Verdict.Accepted, new StoreState(m.Profile, m.Tills), new StoreReply.Configured()),
        ({ Profile: { } profile }, StoreMessage.Admit m)
            when state.Tills.FirstOrDefault(till => till.Till == m.Till && till.Role == m.Role) is { } credential =>
            new Decision(Verdict.Duplicate, state, new StoreReply.Admitted(profile, credential.Secret)),
        _ => new Decision(Verdict.Rejected, state, new StoreReply.UnknownTill()),
    };

    public ImmutableArray<Owed> Owed(StoreState state) => [];

    public StoreMessage Lost(object operation) => throw new NotSupportedException("A store owes nothing.");

    public StoreMessage Starting(object operation) => throw new NotSupportedException("A store owes nothing.");

    public ActorFlags Flags(StoreState state) => ActorFlags.None;

    public DateTimeOffset? ForgetAt(StoreState state) => null;

    public object? View(StoreState state, DateTimeOffset now) => null;

    public JsonTypeInfo<StoreState> StateJson(IStateCodec codec) => codec.States.StoreState;
}
