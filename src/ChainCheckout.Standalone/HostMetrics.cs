using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Standalone.Actors;
using ChainCheckout.Vipps.Loyalty;
using ChainCheckout.Vipps.Resilience;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Standalone;

/// <summary>How many actors an operator should see, by flag: of the whole storage, not of this process.</summary>
/// <returns>Every flag, those that nobody has too.</returns>
public delegate Task<IReadOnlyList<(ActorFlags Flag, long Actors)>> CountFlagged(CancellationToken cancellation);

/// <summary>What every server tells a scraper of its actors and of Vipps, whatever carries and stores them.</summary>
internal sealed class HostMetrics(
    InProcessActors actors, VippsCalls calls, IVippsHealth health, Func<LoyaltyFigures> loyalty, Func<Figures> figures, Missing missing,
    CountFlagged countFlagged, IReadOnlySet<Msn> salesUnits) : IMetricsSource
{
    private static readonly VippsApi[] Guarded = [.. Enum.GetValues<VippsApi>().Where(api => api != VippsApi.AccessToken)];

    public void Register(MetricsBoard board)
    {
        board.Gauge("chaincheckout_build_info", "1; the version is a label.", ["version"], () => [new Sample(1, Version)]);
        board.Gauge("chaincheckout_ready", "1 when tills may come, as /health/ready says.", () => missing().Count == 0 ? 1 : 0);
        board.Counter("chaincheckout_saves_total", "Saves of actors by this process.", () => figures().Saves);
        board.Counter("chaincheckout_saved_bytes_total", "State bytes of those saves.", () => figures().BytesSaved);
        board.Counter("chaincheckout_wakes_settled_total", "Wake-ups moved or cleared without a save.", () => figures().WakesSettled);
        board.Gauge("chaincheckout_actors", "Actors in this process' memory, by kind.", ["kind"], Actors);
        board.Gauge("chaincheckout_flagged_actors", "Actors in storage with a flag, the whole chain's.", ["flag"], FlaggedAsync);

        board.Counter(
            "chaincheckout_vipps_calls_total", "Calls to Vipps by API, call and outcome.", ["api", "call", "outcome"],
            () => calls.Sums().Select(sum => new Sample(sum.Calls, sum.Api, sum.Call, sum.Outcome)));
        board.Counter(
            "chaincheckout_vipps_call_seconds_total", "Seconds that those calls took together.", ["api", "call", "outcome"],
            () => calls.Sums().Select(sum => new Sample(sum.Took.TotalSeconds, sum.Api, sum.Call, sum.Outcome)));
        board.Gauge("chaincheckout_vipps_circuits_open", "Sales units to whose API no calls are sent now.", ["api"], Circuits);
        board.Gauge("chaincheckout_loyalty_away", "1 while the Loyalty API is taken for away.", () => loyalty().IsAway ? 1 : 0);
        board.Gauge("chaincheckout_loyalty_events_queued", "Loyalty events of this process that wait to be sent.", () => loyalty().Queued);
    }

    private static string Version { get; } = typeof(HostMetrics).Assembly.GetName().Version!.ToString(3);

    private IEnumerable<Sample> Actors()
    {
        var live = actors.LiveByKind();
        return Enum.GetValues<ActorKind>().Select(kind => new Sample(live.GetValueOrDefault(kind), kind.ToString().ToLowerInvariant()));
    }

    private IEnumerable<Sample> Circuits() => Guarded.Select(api =>
        new Sample(salesUnits.Count(msn => health.IsOpen(msn, api)), api.ToString().ToLowerInvariant()));

    private async Task<IReadOnlyList<Sample>> FlaggedAsync(CancellationToken cancellation)
    {
        var counts = await countFlagged(cancellation);
        return [.. counts.Select(count => new Sample(count.Actors, count.Flag.ToString()))];
    }
}

/// <summary>What the file of a server that stands alone tells.</summary>
internal sealed class SqliteMetrics(Storage.SqliteActorStorage storage) : IMetricsSource
{
    public void Register(MetricsBoard board)
    {
        board.Counter("chaincheckout_save_conflicts_total", "Saves that somebody else's had overtaken.", () => storage.Counters.Conflicts);
        board.Counter("chaincheckout_sqlite_batches_total", "Transactions committed.", () => storage.Counters.Batches);
        board.Counter("chaincheckout_sqlite_failed_batches_total", "Transactions that failed, each with all its saves.", () => storage.Counters.FailedBatches);
        board.Counter("chaincheckout_sqlite_commit_seconds_total", "Seconds in committed transactions, the disk included.", () => storage.Counters.Busy.TotalSeconds);
        board.Gauge("chaincheckout_sqlite_writes_waiting", "Writes that wait for the disk now.", () => storage.Queued);
    }
}
