using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using Microsoft.AspNetCore.Connections;

namespace ChainCheckout.Gateway.Tills;

/// <summary>Kestrel's way in for tills.</summary>
public sealed class TillConnectionHandler : ConnectionHandler
{
    private readonly TillPorts _ports;

    public TillConnectionHandler(
        IActors actors, TillSessions sessions, Admission admission, ChainSecret secret, GatewayOptions options, TimeProvider clock, TillLog log,
        TillMetrics metrics) =>
        _ports = new TillPorts(actors, sessions, admission, secret, options, clock, log, metrics);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var till = new TillConnection(connection, _ports);
        if (!_ports.Sessions.TryAdd(till)) return;
        try
        {
            await till.RunAsync(connection.ConnectionClosed);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // The peer went away; its channels have been told.
            connection.Abort();
        }
        finally
        {
            _ports.Sessions.Remove(till);
        }
    }
}
