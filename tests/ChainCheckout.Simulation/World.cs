using System.Text;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Checks;
using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.Mutants;
using ChainCheckout.Simulation.People;
using ChainCheckout.Simulation.Time;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation;

/// <summary>
/// A chain in one thread: stores, tills and their cashiers, customers, the machines that carry the actors, one disk, and Vipps.
/// Everything that happens in it follows from its seed.
/// </summary>
internal sealed class World
{
    public static readonly DateTimeOffset Begin = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly Msn SalesUnit = new("123456");
    private static readonly string[] Hooks = ["epayments.payment.authorized.v1", "epayments.payment.captured.v1"];

    private static readonly TimeSpan[] Jumps = [TimeSpan.FromHours(1), TimeSpan.FromHours(-1), TimeSpan.Zero];

    private readonly Dictionary<string, Pos> _tillsByKey = [];
    private readonly Dictionary<ActorId, DateTimeOffset> _leftMemory = [];
    private DateTimeOffset _shakenAt = DateTimeOffset.MinValue;

    public World(ulong seed, Mutant mutant, bool keepsStory)
    {
        Seed = seed;
        Chance = new Chance(seed * 0x9E3779B97F4A7C15 + 1);
        Schedule = new Schedule(Begin);
        Trace = new Trace(Schedule, keepsStory);
        Faults = new FaultPlan(Chance.Fork());
        Bugs = new Bugs(this, mutant);
        Disk = new Disk(this);
        Vendor = new Vendor(this);
        Whereabouts = new Whereabouts(this);
        Caretaker = new Caretaker(this);
        Machines = AlteredMachines.With(MachinesOf(), mutant);
        Checks = new CheckBook(this);
        Operator = new Operator(this);
        var machines = Chance.Between(1, 3);
        for (var number = 0; number < machines; number++) Nodes.Add(new Node(this, number));
        for (var person = 0; person < 14; person++) People.Add(Person(person));
        for (var spare = 50; spare < 56; spare++) Spare.Enqueue(Person(spare));
        for (var store = 1; store <= 3; store++)
        {
            var profile = new StoreProfile(store, $"Store {store}", SalesUnit, Country.NO, Currency.NOK, "UTC", Language.En);
            for (var till = 1; till <= 2; till++) Add(new Pos(this, new TillId(store, till), profile));
        }
    }

    public ulong Seed { get; }

    public Chance Chance { get; }

    public Schedule Schedule { get; }

    public Trace Trace { get; }

    public FaultPlan Faults { get; }

    public Bugs Bugs { get; }

    public PlainCodec Codec { get; } = new();

    public ChainSecret Secret { get; } = new(Encoding.ASCII.GetBytes("a pseudonym secret for simulations"));

    public LoyaltyProgramme Programme { get; } = new(
        100, new CouponOffer("welcome", "Welcome", "10 % off", TimeSpan.FromDays(30), ""),
        new StampOffer("coffee", "Coffee", 5, 5_000, new CouponOffer("coffee", "Coffee", "One for free", TimeSpan.FromDays(30), "")),
        new CheckOffer(1_000, new Money(5_000, Currency.NOK), "Bonus", "", TimeSpan.FromDays(400)));

    public Disk Disk { get; }

    public Vendor Vendor { get; }

    public Whereabouts Whereabouts { get; }

    public Caretaker Caretaker { get; }

    public Machines Machines { get; }

    public CheckBook Checks { get; }

    public Operator Operator { get; }

    public SaleBook Sales { get; } = new();

    public List<Node> Nodes { get; } = [];

    /// <summary>Numbers that customers come with. Who has a new one comes with that, and somebody else with the old one.</summary>
    public List<Msisdn> People { get; } = [];

    /// <summary>Numbers of nobody.</summary>
    public Queue<Msisdn> Spare { get; } = [];

    public List<Pos> Tills { get; } = [];

    /// <summary>What customers still hold a receipt for, and how much of it could be given back.</summary>
    public List<(PaymentReference Reference, long LeftMinor)> Receipts { get; } = [];

    public HashSet<string> Imported { get; } = [];

    /// <summary>Members before the first sale.</summary>
    public HashSet<string> Founders { get; } = [];

    /// <summary>Keys that Vipps has refused for good.</summary>
    public HashSet<string> Refused { get; } = [];

    public List<(ActorId Id, string What)> Alerts { get; } = [];

    /// <summary>Storage has gone back in time in this run.</summary>
    public bool WentBack => WentBackAt > DateTimeOffset.MinValue;

    public DateTimeOffset WentBackAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Tills whose program came back from a backup and has forgotten what it knew since.</summary>
    public HashSet<TillId> Restored { get; } = [];

    /// <summary>Some wall clock is or was wrong.</summary>
    public bool ClockJumps { get; private set; }

    /// <summary>Old payments have been deleted: Vipps is the archive.</summary>
    public bool HasForgotten { get; set; }

    public Pos? TillAt(ActorId id) => _tillsByKey.GetValueOrDefault(id.Key);

    /// <summary>A machine died or froze not long ago.</summary>
    public bool WasShaken(TimeSpan within) => _shakenAt > Schedule.Now - within;

    /// <summary>What an actor knew and had not saved is gone.</summary>
    public void LeftMemory(ActorId id) => _leftMemory[id] = Schedule.Now;

    public bool HasLeftMemory(ActorId id, TimeSpan within) => WasShaken(within) || (_leftMemory.TryGetValue(id, out var at) && at > Schedule.Now - within);

    /// <summary>Power goes. What the machine had sent is on its way all the same; after a while another one takes its place.</summary>
    public void Lose(Node node)
    {
        if (!node.IsUp) return;
        _shakenAt = Schedule.Now;
        Trace.Say($"machine {node.Number}", "loses power");
        node.Die();
        Schedule.After(Chance.Seconds(0.5, 8), () =>
        {
            var next = new Node(this, node.Number) { Clock = { Skew = node.Clock.Skew } };
            Nodes[node.Number] = next;
            Trace.Say($"machine {node.Number}", "is back");
            Caretaker.WakeEverything(next);
        });
    }

    public void Freeze(Node node)
    {
        _shakenAt = Schedule.Now;
        Trace.Say($"machine {node.Number}", "freezes");
        node.Freeze(Chance.Seconds(6, 240));
    }

    public void JumpClock(Node node)
    {
        ClockJumps = true;

        // An hour at most: forward, back, or right again.
        node.Clock.Skew = Chance.Pick(Jumps);
        Trace.Say($"machine {node.Number}", $"its clock jumps, it is wrong by {node.Clock.Skew}");
        node.WakeAll();
    }

    public void SkewClock(Node node)
    {
        ClockJumps = true;
        node.Clock.Skew = Chance.Between(TimeSpan.FromMinutes(-59), TimeSpan.FromMinutes(59));
    }

    /// <summary>As a failover that loses what was acknowledged; sometimes the machines live on, sometimes they start anew.</summary>
    public void RollBack()
    {
        WentBackAt = Schedule.Now;
        var lost = Disk.RollBack(Schedule.Now - Chance.Seconds(1, 60));
        Checks.RolledBack();
        Trace.Say("disk", $"went back in time: {lost} writes are gone");
        if (Chance.Below(2) == 0) return;
        foreach (var node in Nodes.ToArray()) Lose(node);
    }

    /// <summary>Members that the chain brings along, its stores, and its webhooks.</summary>
    public async Task OpenAsync()
    {
        for (var person = 0; person < People.Count; person += 2)
        {
            var (phone, member) = (People[person], $"imported-{person}");
            Imported.Add(member);
            Founders.Add(member);
            await SureAsync(node => node.Actors.SendAsync(Secret.Pseudonym(phone), new CustomerMessage.Import(phone, member, Begin.AddDays(-1), 0, default)).AsTask());
        }

        var wanted = new WantedHook("https://chain.example/vipps/webhooks/123456", [.. Hooks]);
        await SureAsync(node => node.Actors.SendAsync(SalesUnit, new SalesUnitMessage.Ensure(wanted)).AsTask());
    }

    private async Task SureAsync<T>(Func<Node, Task<T>> act)
    {
        while (true)
        {
            try
            {
                // A machine may die on it without a word.
                var asked = act(Nodes[0]);
                await Task.WhenAny(asked, Schedule.Delay(TimeSpan.FromSeconds(10)));
                if (asked.IsCompletedSuccessfully) return;
                if (asked.IsCompleted) await asked;
            }
            catch (Exception failure) when (failure is IOException or TimeoutException or StorageConflictException)
            {
                Trace.Say("chain", "opening once more");
            }

            await Schedule.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private void Add(Pos pos)
    {
        Tills.Add(pos);
        _tillsByKey.Add($"{pos.Id}", pos);
    }

    private Machines MachinesOf() => new(
        new Till(new TillSettings(), Secret),
        new Customer(new CustomerSettings { CheckInUnits = [SalesUnit], LoyaltyUnit = SalesUnit, Programme = Programme }),
        new Payment(new PaymentTimings()), new SalesUnit(), new Store(), new Login());

    private static Msisdn Person(int number) => Msisdn.TryParse($"4791{number:D2}4567", out var phone) ? phone : default;
}
