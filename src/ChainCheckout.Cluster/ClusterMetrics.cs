using ChainCheckout.Cluster.Storage;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Standalone;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ChainCheckout.Cluster;

/// <summary>What a process of the chain tells of the cluster and of Redis.</summary>
internal sealed class ClusterMetrics(Readiness readiness, ClusterHealth health, RedisActorStorage storage, IServiceProvider services) : IMetricsSource
{
    public void Register(MetricsBoard board)
    {
        board.Gauge("chaincheckout_cluster_joined", "1 from when this process has joined until it leaves.", () => readiness.IsReady ? 1 : 0);
        board.Gauge("chaincheckout_redis_durable", "1 while Redis answers and its last write to disk went well.", () => health.IsDurable ? 1 : 0);
        board.Counter("chaincheckout_save_conflicts_total", "Saves that somebody else's had overtaken.", () => storage.Counts.Conflicts);
        board.Counter("chaincheckout_redis_commands_total", "Loads, saves and settles sent to Redis, by result.", ["result"], storage.Counts.Samples);
        board.Counter("chaincheckout_redis_command_seconds_total", "Seconds that they took together.", () => storage.Counts.Took.TotalSeconds);

        // A gateway without a silo asks the silos; who is one is told by those.
        if (services.GetService<ISiloStatusOracle>() is { } oracle)
            board.Gauge("chaincheckout_cluster_silos", "Silos that this one takes for alive, itself too.", () => oracle.GetApproximateSiloStatuses(onlyActive: true).Count);
    }
}
