using System.IO.Pipelines;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCheckout.Tests.Gateway;

public sealed class TillSessionsTests
{
    private readonly TillSessions _sessions = new(new GatewayOptions(), TimeProvider.System, NullLogger<TillSessions>.Instance);

    [Theory]
    [InlineData(1u, 2u)]
    [InlineData(2u, 1u)]
    public void TwoHellosThatEndAtOnce_LeaveTheNewerSessionInWhateverOrderTheyCome(uint first, uint second)
    {
        var (one, other) = (Peer(first), Peer(second));

        _sessions.Open(one.Connection, one.Channel);
        _sessions.Open(other.Connection, other.Channel);

        var newer = first > second ? one : other;
        var older = first > second ? other : one;
        Assert.False(_sessions.Close(older.Connection, older.Channel));
        Assert.True(_sessions.Close(newer.Connection, newer.Channel));
    }

    [Fact]
    public void AfterTheGoodbye_NobodyIsLetIn()
    {
        Assert.True(_sessions.TryAdd(Peer(1).Connection));

        _sessions.SayGoodbye();

        Assert.False(_sessions.TryAdd(Peer(2).Connection));
        Assert.Equal(1, _sessions.ConnectionCount);
    }

    private static (TillConnection Connection, TillChannel Channel) Peer(uint session)
    {
        var (input, output) = (new Pipe(), new Pipe());
        var context = new DefaultConnectionContext($"c{session}", new Ends(input.Reader, output.Writer), new Ends(output.Reader, input.Writer));
        var options = new GatewayOptions();
        var admission = new Admission(options);
        var ports = new TillPorts(
            null!, null!, admission, new ChainSecret(new byte[32]), options, TimeProvider.System, new TillLog(NullLogger<TillLog>.Instance),
            new TillMetrics(null!, admission, TimeProvider.System));
        var outbound = new FrameOutbound(output.Writer.AsStream(), 65_536, _ => { });
        return (new TillConnection(context, ports), new TillChannel(1, new TillId(1, 1), TillRole.Pos, session, outbound, TimeProvider.System));
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
