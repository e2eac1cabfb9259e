using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Simulation;
using ChainCheckout.Simulation.Checks;
using ChainCheckout.Simulation.Mutants;
using ChainCheckout.Simulation.Time;

namespace ChainCheckout.Tests.Simulation;

/// <summary>What a simulated chain is made of.</summary>
public sealed class SimulationPartsTests
{
    private static readonly DateTimeOffset Begin = World.Begin;

    [Fact]
    public void Chance_OfOneSeed_IsTheSameEverywhere()
    {
        var chance = new Chance(42);

        Assert.Equal([13679457532755275413UL, 2949826092126892291UL], [chance.Next(), chance.Next()]);
    }

    [Fact]
    public void Schedule_HappensInOrderAndPassesNoTimeBetween()
    {
        var schedule = new Schedule(Begin);
        List<string> seen = [];
        schedule.After(TimeSpan.FromHours(2), () => seen.Add("late"));
        schedule.After(TimeSpan.FromSeconds(1), () => seen.Add("first"));
        schedule.After(TimeSpan.FromSeconds(1), () => seen.Add("second"));
        schedule.After(TimeSpan.FromSeconds(2), () => seen.Add("never")).CallOff();

        while (schedule.RunNext(Begin.AddDays(1)))
        {
        }

        Assert.Equal(["first", "second", "late"], seen);
        Assert.Equal(Begin.AddHours(2), schedule.Now);
    }

    [Fact]
    public void Disk_OfAnotherVersionThanExpected_WritesNothing()
    {
        var world = new World(1, Mutant.None, keepsStory: false);
        var id = new ActorId(ActorKind.Store, "0001");
        var first = Save(id, StoredVersion.None, new StoredVersion(1, 5), world);
        world.Disk.Write(first);

        Assert.Throws<StorageConflictException>(() => world.Disk.Write(Save(id, StoredVersion.None, new StoredVersion(1, 6), world)));
        Assert.Equal(new StoredVersion(1, 5), world.Disk.Find(id)!.Version);
    }

    [Fact]
    public void Checkers_EachNamesWhatItAsksFor()
    {
        var all = CheckBook.All(new World(1, Mutant.None, keepsStory: false));

        Assert.All(all, one => Assert.StartsWith("I-", one.Invariants, StringComparison.Ordinal));
        Assert.Equal(all.Length, all.Select(one => one.Name).Distinct().Count());
        var asked = all.SelectMany(one => one.Invariants.Split(", ")).Select(one => int.Parse(one[2..], null)).ToHashSet();
        int[] wanted = [.. Enumerable.Range(1, 17), .. Enumerable.Range(21, 5), 27, 36];
        Assert.Empty(wanted.Except(asked));
    }

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--seed")]
    [InlineData("--colour", "red")]
    public void Arguments_ThatMakeNoSense_AreRefused(params string[] args) => Assert.Equal(2, SimulateProgram.Run(args, TextWriter.Null));

    private static ActorSave Save(ActorId id, StoredVersion expected, StoredVersion next, World world) => new(
        id, expected, next, world.Codec.Encode(new Core.Stores.StoreState(null, []), world.Codec.States.StoreState), null, null, ActorFlags.None);
}
