using System.Text.Json.Serialization.Metadata;

namespace ChainCheckout.Simulation.Mutants;

/// <summary>A machine with one bug put into it: another decision, or other debts.</summary>
internal sealed class AlteredMachine<TState, TMessage, TReply>(IMachine<TState, TMessage, TReply> inner) : IMachine<TState, TMessage, TReply>
    where TState : class
    where TMessage : class
{
    public Func<TState, TMessage, DateTimeOffset, Decision<TState, TReply>, Decision<TState, TReply>>? Decides { get; init; }

    public Func<TState, ImmutableArray<Owed>, ImmutableArray<Owed>>? Owes { get; init; }

    public ActorKind Kind => inner.Kind;

    public TMessage? Loaded => inner.Loaded;

    public TState Initial(string key) => inner.Initial(key);

    public Decision<TState, TReply> Decide(TState state, TMessage message, DateTimeOffset now)
    {
        var made = inner.Decide(state, message, now);
        return Decides is null ? made : Decides(state, message, now, made);
    }

    public ImmutableArray<Owed> Owed(TState state) => Owes is null ? inner.Owed(state) : Owes(state, inner.Owed(state));

    public TMessage Starting(object operation) => inner.Starting(operation);

    public TMessage Lost(object operation) => inner.Lost(operation);

    public ActorFlags Flags(TState state) => inner.Flags(state);

    public DateTimeOffset? ForgetAt(TState state) => inner.ForgetAt(state);

    public object? View(TState state, DateTimeOffset now) => inner.View(state, now);

    public JsonTypeInfo<TState> StateJson(IStateCodec codec) => inner.StateJson(codec);
}
