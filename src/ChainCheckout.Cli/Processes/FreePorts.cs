using System.Net;
using System.Net.Sockets;

namespace ChainCheckout.Cli.Processes;

/// <summary>
/// Ports below those from which systems give outgoing connections theirs (Linux from 32768, others from 49152): a port that is
/// free now is not taken by somebody's call before its server listens.
/// </summary>
public static class FreePorts
{
    private const int First = 15_000;
    private const int Count = 15_000;

    // Several of these programs may run at once: each starts elsewhere, and none gives a port twice before it has given all.
    private static int _given = Environment.ProcessId * 97 % Count;

    /// <summary>Ports on loopback that nobody listens on now, all different.</summary>
    /// <exception cref="InvalidOperationException">None is free.</exception>
    public static int[] Take(int count)
    {
        var found = new int[count];
        for (var place = 0; place < count; place++) found[place] = Next();
        return found;
    }

    private static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + ((int)((uint)Interlocked.Increment(ref _given) % Count));
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }
}
