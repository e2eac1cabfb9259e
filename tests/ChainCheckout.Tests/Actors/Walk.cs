using System.Diagnostics;
using ChainCheckout.Core.Actors;

namespace ChainCheckout.Tests.Actors;

internal static class Walk
{
    public static readonly DateTimeOffset Begin = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
}

/// <summary>One turn that a walk took.</summary>
internal sealed record Step<TState, TMessage, TReply>(
    TState Before, TMessage Message, DateTimeOffset Now, Decision<TState, TReply> Made)
{
    public TState After => Made.State;
}

/// <summary>
/// Visits every state that an alphabet of messages and waits can reach, the nearest first, and asks of each step and of
/// each state what must always hold. Two states with one name count as one.
/// </summary>
internal sealed class Walk<TState, TMessage, TReply>(IMachine<TState, TMessage, TReply> machine)
    where TState : class
    where TMessage : class
{
    public required Func<TState, DateTimeOffset, string> Name { get; init; }

    public required Func<TState, DateTimeOffset, IEnumerable<TMessage>> Messages { get; init; }

    public TimeSpan[] Waits { get; init; } = [];

    public Action<Step<TState, TMessage, TReply>> AskStep { get; init; } = _ => { };

    public Action<TState, DateTimeOffset> AskState { get; init; } = (_, _) => { };

    public int StatesMax { get; init; } = 20_000;

    /// <summary>Whether the walk came to its end before <see cref="StatesMax"/>.</summary>
    public bool IsComplete { get; private set; }

    public int States { get; private set; }

    /// <summary>Walks, and says how far it was.</summary>
    public string Run(TState start)
    {
        var watch = Stopwatch.StartNew();
        var steps = 0L;
        var seen = new Dictionary<string, Node?> { [Name(start, Walk.Begin)] = null };
        var queue = new Queue<Node>([new Node(start, Walk.Begin, null, "start")]);
        while (queue.TryDequeue(out var node))
        {
            Ask(node, () => AskState(node.State, node.Now));
            foreach (var message in Messages(node.State, node.Now))
            {
                steps++;
                var next = node with { From = node, By = message };
                var accepted = false;
                Ask(next, () =>
                {
                    var made = machine.Decide(node.State, message, node.Now);
                    AskStep(new Step<TState, TMessage, TReply>(node.State, message, node.Now, made));
                    next = next with { State = made.State };
                    accepted = made.Verdict == Verdict.Accepted;
                });
                // What is refused or known leads nowhere new, but for the number that it may consume.
                if (accepted && !ReferenceEquals(next.State, node.State)) Visit(next);
            }

            foreach (var wait in Waits) Visit(new Node(node.State, node.Now + wait, node, $"wait {wait}"));
        }

        States = seen.Count;
        IsComplete = States < StatesMax;
        return $"{typeof(TState).Name}: {States} states, {steps} steps, {watch.ElapsedMilliseconds} ms, complete: {IsComplete}";

        void Visit(Node next)
        {
            if (seen.Count < StatesMax && seen.TryAdd(Name(next.State, next.Now), next)) queue.Enqueue(next);
        }
    }

    private static void Ask(Node node, Action question)
    {
        try
        {
            question();
        }
        catch (Exception failure)
        {
            throw new WalkException($"{failure.Message}\n\nThe way there:\n{node.Way()}", failure);
        }
    }

    private sealed record Node(TState State, DateTimeOffset Now, Node? From, object By)
    {
        public string Way() => (From is null ? "" : From.Way() + "\n") + $"{Now - Walk.Begin:c} {By} → {State.GetType().Name}";
    }
}

/// <summary>A rule was broken; the message tells the shortest way there.</summary>
internal sealed class WalkException(string message, Exception inner) : Exception(message, inner);
