using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

// Orleans has newer names for the two calls to its table in some builds of 10.4, and not in others.
#pragma warning disable CS0618

namespace ChainCheckout.Cluster;

/// <summary>
/// Strikes off the list who died with everybody else. A silo joins only when all that are listed as alive answer it, and it is the living
/// who strike off the dead: where a power cut took all, and they come back with other addresses as containers do, nobody ever would.
/// </summary>
internal sealed partial class DeadSilos(
    IMembershipTable table, ILocalSiloDetails self, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DeadSilos> log)
{
    /// <summary>How often a silo signs that it is alive.</summary>
    public static readonly TimeSpan Signs = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Unsigned = 3 * Signs;
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Looks until this silo has joined: from then on it is the cluster's own business. Dead is who has not signed for 15 s and whom no connection reaches either: while Redis is away the living cannot sign. One that is
    /// struck off wrongly all the same ends itself when it reads of it, and what it saves after that is judged by its version.
    /// </summary>
    public async Task WatchAsync()
    {
        var stopping = lifetime.ApplicationStopping;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var list = await table.ReadAll();
                if (list.Members.Any(row => row.Item1.SiloAddress.Equals(self.SiloAddress) && row.Item1.Status == SiloStatus.Active)) return;

                // Each row changes the version of the whole list, and another silo may be at it too: one at a time.
                if (await FirstDeadAsync(list, stopping) is { } dead)
                {
                    dead.Row.Status = SiloStatus.Dead;
                    if (await table.UpdateRow(dead.Row, dead.ETag, list.Version.Next())) LogStruckOff(dead.Row.SiloAddress.ToString());
                    continue;
                }

                await Task.Delay(Pause, clock, stopping);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                LogNotRead(failure);
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }
    }

    private async Task<(MembershipEntry Row, string ETag)?> FirstDeadAsync(MembershipTableData list, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow().UtcDateTime - Unsigned;
        foreach (var (row, tag) in list.Members)
        {
            var isSigned = row.IAmAliveTime > before || row.StartTime > before;
            if (row.Status == SiloStatus.Active && !isSigned && !await AnswersAsync(row.SiloAddress, cancellation)) return (row, tag);
        }

        return null;
    }

    private static async Task<bool> AnswersAsync(SiloAddress silo, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswersWithin);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(silo.Endpoint, limit.Token);
            return true;
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    [LoggerMessage(4506, LogLevel.Warning, "Silo {Silo} is taken for dead: it has not signed for a while, and does not answer")]
    private partial void LogStruckOff(string silo);

    [LoggerMessage(4507, LogLevel.Warning, "The list of silos could not be looked through; tried again")]
    private partial void LogNotRead(Exception failure);
}
