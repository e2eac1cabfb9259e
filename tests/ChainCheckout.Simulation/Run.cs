using ChainCheckout.Simulation.Checks;
using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Mutants;
using ChainCheckout.Simulation.People;

namespace ChainCheckout.Simulation;

/// <summary>What one seed came to.</summary>
internal sealed record RunResult(
    ulong Seed, string Digest, Finding? Found, int Sales, long[] Ends, long[] Faults, double VirtualHours, long Happened, string Story);

/// <summary>One seed, from the morning to the rest after the last late webhook.</summary>
internal sealed class Run
{
    /// <summary>So many things happen in no sane day: something goes round in circles.</summary>
    private const long HappeningsMax = 1_000_000;

    private const int SalesOfATill = 9;

    private static readonly TimeSpan Day = TimeSpan.FromHours(48);
    private static readonly TimeSpan Rest = TimeSpan.FromHours(4);

    private readonly World _world;

    private Run(World world) => _world = world;

    public static RunResult Of(ulong seed, Mutant mutant = Mutant.None, bool keepsStory = false)
    {
        var outside = SynchronizationContext.Current;
        var world = new World(seed, mutant, keepsStory);
        SynchronizationContext.SetSynchronizationContext(world.Schedule);
        try
        {
            new Run(world).Live();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            world.Checks.Fail(new NoSurprise(world), $"{failure}", []);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }

        var story = keepsStory && world.Checks.Found is { } found ? world.Trace.Story(Whole(found.About)) : "";
        return new RunResult(
            seed, world.Trace.Digest, world.Checks.Found, world.Sales.Sales, world.Sales.Ends, world.Faults.Counts,
            (world.Schedule.Now - World.Begin).TotalHours, world.Schedule.Happened, story);
    }

    /// <summary>To the story of a payment belongs that of its till.</summary>
    private static string[] Whole(IEnumerable<string> about) =>
    [
        .. about.Where(one => one.Length > 0)
            .SelectMany(one => PaymentReference.TryParse(one, out var reference) ? [one, $"{reference.Till}"] : (string[])[one]).Distinct(),
    ];

    private void Live()
    {
        var opened = _world.OpenAsync();
        PassUntil(() => opened.IsCompleted, TimeSpan.FromHours(1));
        opened.GetAwaiter().GetResult();

        // Members were brought along the day before: whatever clock a till goes by, they were members when it sold.
        PassUntil(() => false, TimeSpan.FromHours(12));

        var weather = new Weather(_world);
        weather.Begin();
        _world.Operator.Begin();
        var selling = _world.Tills.Select(pos => pos.SellAsync(SalesOfATill)).ToArray();
        PassUntil(() => selling.All(one => one.IsCompleted), Day);
        foreach (var one in selling.Where(one => one.IsFaulted)) throw one.Exception!.InnerException!;
        Come(weather);

        // What stopped because its state was lost waits for a person: nobody comes here.
        if (_world.WentBack) return;

        // Webhooks come for seven days; a day later old payments are forgotten, and a refund has to look them up.
        PassUntil(() => false, TimeSpan.FromDays(9));
        _world.HasForgotten = true;
        _world.Disk.Forget(_world.Schedule.Now);
        Task[] late = [.. _world.Tills.Select(pos => pos.GiveBackAsync()), _world.Operator.ActAsync(), _world.Operator.ActAsync()];
        PassUntil(() => late.All(one => one.IsCompleted), Rest);
        foreach (var one in late.Where(one => one.IsFaulted)) throw one.Exception!.InnerException!;
        Come(weather);
    }

    /// <summary>Nothing goes wrong any more: everything has to come to rest.</summary>
    private void Come(Weather weather)
    {
        weather.Clear();
        _world.Operator.GoHome();
        PassUntil(() => _world.Tills.All(pos => pos.IsDone), Rest * 2);
        PassUntil(() => false, Rest);
        if (_world.Checks.Found is null) _world.Checks.AtRest();
    }

    private void PassUntil(Func<bool> isSo, TimeSpan most)
    {
        var until = _world.Schedule.Now + most;
        while (_world.Checks.Found is null && !isSo())
        {
            if (!_world.Schedule.RunNext(until))
            {
                _world.Schedule.PassTo(until);
                return;
            }

            if (_world.Schedule.Happened > HappeningsMax) throw new InvalidOperationException("it goes round in circles");
        }
    }
}
