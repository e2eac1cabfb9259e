using System.Collections.Concurrent;
using System.Net;
using ChainCheckout.Client;
using ChainCheckout.Load.Chance;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Load.Journeys;
using ChainCheckout.Load.Measure;
using ChainCheckout.Load.Pacing;
using ChainCheckout.Load.Transcripts;

namespace ChainCheckout.Load.Fleets;

/// <summary>What a fleet needs to exist.</summary>
/// <param name="Servers">Gateways; each till picks one by chance.</param>
/// <param name="Shoppers">At least <see cref="Fleet.ShoppersPerTill"/> for each till.</param>
/// <param name="Seed">All chance of the run comes from it.</param>
public sealed record FleetParts(
    FleetLayout Layout, IReadOnlyList<EndPoint> Servers, IReadOnlyList<Shopper> Shoppers, ICrowd Crowd, TillTranscript Transcript,
    Timeline Timeline, int Seed)
{
    /// <summary>People who leave every push alone; each tries out one till at a time before the doors open.</summary>
    public IReadOnlyList<Shopper> Triers { get; init; } = [];

    /// <summary>Every customer scans, approves and keeps what was bought, whatever the decks have dealt.</summary>
    public bool IsPlain { get; init; }
}

/// <summary>The tills of a chain, each selling one customer after another. No till costs a thread or a timer of its
/// own.</summary>
public sealed class Fleet : IAsyncDisposable
{
    public const int ShoppersPerTill = 8;

    private const int DialingMax = 32;

    /// <summary>A journey without an end after this long has failed: four pushes could have expired one after
    /// another.</summary>
    private static readonly TimeSpan SaleTimeout = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan RefundTimeout = TimeSpan.FromSeconds(30);

    private readonly List<Post> _posts = [];
    private readonly List<TillConnectionPool> _scannerPools = [];
    private readonly FleetParts _parts;
    private readonly TimeProvider _clock;

    public Fleet(FleetParts parts)
    {
        (_parts, _clock) = (parts, parts.Timeline.Clock);
        Waits = new Waits(_clock);
        var decks = new SaleDecks(parts.Seed);
        var random = new Random(parts.Seed);
        foreach (var store in parts.Layout.Stores)
        {
            var desk = new RefundDesk();
            var pool = new TillConnectionPool(parts.Servers, new TillConnectionOptions(), _clock, random);
            _scannerPools.Add(pool);
            foreach (var till in store.Tills)
            {
                var seat = new Seat(store, till, parts.Servers, pool, parts.Transcript, parts.Timeline, Waits, random);
                var own = parts.Shoppers.Skip(_posts.Count * ShoppersPerTill).Take(ShoppersPerTill).ToArray();
                _posts.Add(new Post(
                    seat, desk, new SalePlanner(store.Number, till.Number, own, decks, new Random(random.Next()))));
            }
        }
    }

    public SaleCounts Counts { get; } = new();

    public Waits Waits { get; }

    /// <summary>Who stood at the till, by the sale's name.</summary>
    public ConcurrentDictionary<string, Shopper> Visits { get; } = new(StringComparer.Ordinal);

    /// <summary>Completes when every till and scanner has been welcomed.</summary>
    /// <exception cref="TillRefusedException">The server does not know one of them.</exception>
    public Task ConnectAsync(CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = DialingMax, CancellationToken = cancellation };
        return Parallel.ForEachAsync(_posts, options, async (post, stop) => await post.Seat.StartAsync(stop));
    }

    /// <summary>
    /// Tries out the tills before the doors open: scan, pay, cancel, close, over and over. No money moves and nothing
    /// is counted; what is compiled and connected at first use is so when the first customer comes.
    /// </summary>
    /// <param name="atLeast">So many trials, and so long.</param>
    /// <param name="atMost">No new trial after that: a slow machine has to begin at some time.</param>
    /// <returns>Sales that were tried.</returns>
    public async Task<int> TryOutAsync(
        (int Trials, TimeSpan During) atLeast, TimeSpan atMost, CancellationToken cancellation)
    {
        var begun = _clock.GetTimestamp();
        var tried = 0;
        bool IsEnough()
        {
            var elapsed = _clock.GetElapsedTime(begun);
            return elapsed > atMost || (elapsed > atLeast.During && Volatile.Read(ref tried) >= atLeast.Trials);
        }

        int Next() => Interlocked.Increment(ref tried);
        var lanes = _parts.Triers.Select((trier, lane) => TryOutLaneAsync(trier, lane, IsEnough, Next, cancellation));
        await Task.WhenAll(lanes);
        return tried;
    }

    /// <summary>Sells until there are no more arrivals and every sale and refund is settled, or patience is
    /// over.</summary>
    /// <param name="patience">Cancelled when what is still under way counts as open.</param>
    public Task SellAsync(IArrivals arrivals, CancellationToken patience) =>
        Task.WhenAll(_posts.Select(post => WorkAsync(post, arrivals, patience)));

    /// <summary>One sale, and a refund of the till's store if one is due, for who decides when sales begin. A till sells
    /// one at a time.</summary>
    /// <param name="till">0 and up, below the layout's <see cref="FleetLayout.Tills"/>.</param>
    /// <returns>Null when the sale has not ended in its time: this till must sell no more.</returns>
    public async Task<SaleEnd?> SellAtAsync(int till, IJourneySteps steps, CancellationToken patience)
    {
        var post = _posts[till];
        var end = await SellOneAsync(post, _clock.GetTimestamp(), steps, patience);
        if (end is null) return null;
        if (post.Desk.TryTake(_clock.GetTimestamp(), out var job)) await RefundAsync(post, job, steps, patience);
        return end;
    }

    /// <summary>Gives back what is left to be refunded. No till may be selling.</summary>
    public Task EmptyDesksAsync(IJourneySteps steps, CancellationToken patience) =>
        Task.WhenAll(_posts.DistinctBy(post => post.Desk).Select(post => EmptyDeskAsync(post, steps, patience)));

    public async ValueTask DisposeAsync()
    {
        await Parallel.ForEachAsync(_posts, async (post, _) => await post.Seat.DisposeAsync());
        foreach (var pool in _scannerPools) await pool.DisposeAsync();
    }

    /// <summary>Lanes share the tills out among themselves, so that no till is tried by two at once.</summary>
    private async Task TryOutLaneAsync(
        Shopper trier, int lane, Func<bool> isEnough, Func<int> next, CancellationToken cancellation)
    {
        var own = _posts.Where((_, at) => at % _parts.Triers.Count == lane).ToList();
        var uncounted = new SaleCounts();
        for (var at = 0; own.Count > 0 && !isEnough(); at = (at + 1) % own.Count)
        {
            var plan = own[at].Planner.Trial(trier, next());
            var journey = new SaleJourney(
                own[at].Seat, plan, new PromptCrowd(), uncounted, _clock, UnmeasuredSteps.Instance);
            await journey.RunAsync(_clock.GetTimestamp(), cancellation);
        }
    }

    private async Task WorkAsync(Post post, IArrivals arrivals, CancellationToken patience)
    {
        var steps = UnmeasuredSteps.Instance;
        try
        {
            while (await arrivals.NextAsync(patience) is { } scheduledAt)
            {
                if (await SellOneAsync(post, scheduledAt, steps, patience) is null) break;
                if (post.Desk.TryTake(_clock.GetTimestamp(), out var job)) await RefundAsync(post, job, steps, patience);
            }

            await EmptyDeskAsync(post, steps, patience);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // What is still under way was counted when it began and never when it ended: it is open.
            return;
        }
    }

    /// <returns>Null when this till cannot sell on.</returns>
    private async Task<SaleEnd?> SellOneAsync(Post post, long scheduledAt, IJourneySteps steps, CancellationToken patience)
    {
        var plan = _parts.IsPlain ? post.Planner.Next().Plain() : post.Planner.Next();
        Visits[plan.SaleId] = plan.Shopper;
        var journey = new SaleJourney(post.Seat, plan, _parts.Crowd, Counts, _clock, steps);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience);
        limit.CancelAfter(SaleTimeout);
        Counts.Start();
        try
        {
            var end = await journey.RunAsync(scheduledAt, limit.Token);
            Counts.End(end);
            if (journey.PaidReference is { } reference && plan.RefundMinor > 0)
            {
                var dueAt = _clock.GetTimestamp() + (long)(plan.RefundAfter.TotalSeconds * _clock.TimestampFrequency);
                post.Desk.Add(new RefundJob(reference, plan.RefundMinor, dueAt));
            }

            return end;
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
            // Nobody can say what is on this till's screen: it sells no more.
            Counts.End(SaleEnd.Failed($"TimedOut:{post.Seat.View?.Code ?? "NoView"}"));
            return null;
        }
        finally
        {
            // Ends what the journey no longer waits for.
            await limit.CancelAsync();
        }
    }

    private async Task EmptyDeskAsync(Post post, IJourneySteps steps, CancellationToken patience)
    {
        while (post.Desk.Waiting > 0)
        {
            if (post.Desk.TryTake(_clock.GetTimestamp(), out var job)) await RefundAsync(post, job, steps, patience);
            else await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, patience);
        }
    }

    private async Task RefundAsync(Post post, RefundJob job, IJourneySteps steps, CancellationToken patience)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience);
        limit.CancelAfter(RefundTimeout);
        try
        {
            await steps.RunAsync(
                JourneySteps.Refund, () => RefundJourney.RunAsync(post.Seat, job, Counts, limit.Token),
                static code => new StepEnd(code is null, code ?? "Refunded"));
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
            Counts.RefundFailed("TimedOut");
        }
    }

    private sealed record Post(Seat Seat, RefundDesk Desk, SalePlanner Planner);
}
