using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Tests.Actors;

/// <summary>A number, and what it owes: just enough for a shell to have something to do.</summary>
internal sealed record Toy(int Number, ImmutableArray<Debt> Debts, bool Flagged, int Loads, DateTimeOffset? ForgetAt = null);

internal sealed record Debt(string Name, DateTimeOffset DueAt, bool Once = false, bool Started = false, bool Mutation = false);

internal abstract record ToyMessage
{
    public sealed record Set(int Number, Keep Keep = Keep.Saved) : ToyMessage;

    public sealed record Owe(params Debt[] Debts) : ToyMessage;

    public sealed record Flag(bool Flagged, Keep Keep) : ToyMessage;

    public sealed record Forget(DateTimeOffset At) : ToyMessage;

    public sealed record Starts(string Name) : ToyMessage;

    public sealed record Paid(string Name, bool Lost = false) : ToyMessage;

    public sealed record Loaded : ToyMessage;

    public sealed record Ask(Keep Keep = Keep.Saved) : ToyMessage;

    /// <summary>Something odd.</summary>
    public sealed record Wonder : ToyMessage;
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Toy))]
internal sealed partial class ToyJson : JsonSerializerContext;

internal sealed class ToyMachine : IMachine<Toy, ToyMessage, int>
{
    public ActorKind Kind => ActorKind.Customer;

    public ToyMessage Loaded => new ToyMessage.Loaded();

    public Toy Initial(string key) => new(0, [], false, 0);

    public Decision<Toy, int> Decide(Toy s, ToyMessage message, DateTimeOffset now) => message switch
    {
        ToyMessage.Set m => Accept(s with { Number = m.Number }, m.Keep),
        ToyMessage.Owe m => Accept(s with { Debts = s.Debts.AddRange(m.Debts) }),
        ToyMessage.Flag m => Accept(s with { Flagged = m.Flagged }, m.Keep),
        ToyMessage.Forget m => Accept(s with { ForgetAt = m.At }),
        ToyMessage.Starts m => Accept(s with { Debts = [.. s.Debts.Select(debt => debt.Name == m.Name ? debt with { Started = true } : debt)] }),
        ToyMessage.Paid m => Accept(s with { Debts = s.Debts.RemoveAll(debt => debt.Name == m.Name), Number = m.Lost ? -1 : s.Number }, Keep.InMemory),

        // What was started before the load is not sent again.
        ToyMessage.Loaded => Accept(s with { Loads = s.Loads + 1, Debts = s.Debts.RemoveAll(debt => debt.Started) }, Keep.InMemory),
        ToyMessage.Wonder => Accept(s with { Number = s.Number + 1 }) with { Alert = "odd" },
        ToyMessage.Ask m => new Decision<Toy, int>(Verdict.Duplicate, s, s.Number, m.Keep),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public ImmutableArray<Owed> Owed(Toy s) =>
    [
        .. s.Debts.Where(debt => !debt.Started)
            .Select(debt => new Owed(debt.Name, debt.DueAt, debt, debt.Once ? Repeat.Once : Repeat.Repeatable, debt.Mutation)),
    ];

    public ToyMessage Starting(object operation) => new ToyMessage.Starts(((Debt)operation).Name);

    public ToyMessage Lost(object operation) => new ToyMessage.Paid(((Debt)operation).Name, Lost: true);

    public ActorFlags Flags(Toy s) => s.Flagged ? ActorFlags.Alert : ActorFlags.None;

    public DateTimeOffset? ForgetAt(Toy s) => s.ForgetAt;

    public object? View(Toy s, DateTimeOffset now) => $"number {s.Number}";

    public JsonTypeInfo<Toy> StateJson(IStateCodec codec) => new ToyJson(codec.Options).Toy;

    private static Decision<Toy, int> Accept(Toy next, Keep keep = Keep.Saved) => new(Verdict.Accepted, next, next.Number, keep);
}

/// <summary>One place where a toy lives: its storage, a clock moved by hand, calls that end when told to, and a host that does nothing by itself.</summary>
internal sealed class ToyHost : IActivation<ToyMessage>, IOperations, IWatchers, IShellLog
{
    public static readonly ActorId Id = new(ActorKind.Customer, "toy");

    private readonly List<(string Name, TaskCompletionSource<object> Call)> _calls = [];
    private long _activations;

    public ToyHost() => Shell = NewShell();

    public InMemoryActorStorage Storage { get; } = new();

    public HandClock Clock { get; } = new();

    public Shell<Toy, ToyMessage, int> Shell { get; private set; }

    /// <summary>What happened, in order: "save 1" for the number of saves when an operation began, views, alerts.</summary>
    public List<string> Log { get; } = [];

    public Queue<ShellOutcome<ToyMessage>> Outcomes { get; } = new();

    public TimeSpan? WakesAfter { get; private set; }

    public bool Watched { get; set; }

    public IEnumerable<string> Calls => _calls.Where(one => !one.Call.Task.IsCompleted).Select(one => one.Name);

    /// <summary>Another process takes over, or this one lost its memory.</summary>
    public Shell<Toy, ToyMessage, int> NewShell() => Shell = new(
        Id, new ToyMachine(), new ShellPorts(Storage, Stored.Codec, this, this, this, Clock, () => ++_activations), this);

    public void End(string name) => _calls.Last(one => one.Name == name).Call.SetResult(new ToyMessage.Paid(name));

    public void Break(string name) => _calls.Last(one => one.Name == name).Call.SetException(new IOException("cut"));

    public async Task<Toy?> StoredAsync() => await Storage.LoadAsync(Id) is { } stored
        ? Stored.Codec.Decode(stored.State, new ToyMachine().StateJson(Stored.Codec))
        : null;

    void IActivation<ToyMessage>.Post(ShellOutcome<ToyMessage> outcome) => Outcomes.Enqueue(outcome);

    void IActivation<ToyMessage>.WakeAfter(TimeSpan? delay) => WakesAfter = delay;

    Task<object> IOperations.RunAsync(ActorId actor, object operation, CancellationToken cancellation)
    {
        var name = ((Debt)operation).Name;
        Log.Add($"call {name} after {Storage.Saves} saves");
        var call = new TaskCompletionSource<object>();
        _calls.Add((name, call));
        return call.Task;
    }

    bool IWatchers.IsWatched(ActorId id) => Watched;

    void IWatchers.Push(ActorId id, object view) => Log.Add($"view of {view} after {Storage.Saves} saves");

    void IShellLog.Alert(ActorId id, string what) => Log.Add($"alert: {what}");

    void IShellLog.StorageFailed(ActorId id, Exception failure) => Log.Add($"storage failed: {failure.GetType().Name}");

    void IShellLog.OperationFailed(ActorId id, string operation, Exception failure) => Log.Add($"failed: {operation}");
}

/// <summary>Time that stands still until it is moved.</summary>
internal sealed class HandClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = Walk.Begin;

    /// <summary>By how much the wall clock is wrong.</summary>
    public TimeSpan Skew { get; set; }

    public override DateTimeOffset GetUtcNow() => Now + Skew;

    public override long GetTimestamp() => Now.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
}
