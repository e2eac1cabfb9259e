using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway;
using ChainCheckout.Gateway.Tills;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChainCheckout.Tests.Gateway;

/// <summary>A store whose actor does not answer for a while, on a connection that many tills share.</summary>
public sealed class StoreOutOfReachTests : IAsyncDisposable
{
    private const int Silent = 1;
    private const int Answering = 2;
    private const int Broken = 3;

    private readonly StoresAlone _actors = new();
    private readonly Pipe _toServer = new();
    private readonly Pipe _toTills = new();
    private readonly ConcurrentQueue<(FrameType Type, ushort Channel, string Json)> _heard = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private readonly Task _hearing;

    public StoreOutOfReachTests()
    {
        var options = new GatewayOptions();
        var admission = new Admission(options);
        var sessions = new TillSessions(options, TimeProvider.System, NullLogger<TillSessions>.Instance);
        var ports = new TillPorts(
            _actors, sessions, admission, new ChainSecret(new byte[32]), options, TimeProvider.System, new TillLog(NullLogger<TillLog>.Instance),
            new TillMetrics(sessions, admission, TimeProvider.System));
        var connection = new TillConnection(new DefaultConnectionContext("c1", new Ends(_toServer.Reader, _toTills.Writer), new Ends(_toTills.Reader, _toServer.Writer)), ports);
        _serving = connection.RunAsync(_end.Token);
        _hearing = FrameLoop.RunAsync(_toTills.Reader, (frame, _) =>
        {
            _heard.Enqueue((frame.Header.Type, frame.Header.Channel, Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray(frame.Payload))));
            return default;
        });
    }

    [Fact]
    public async Task ATillWhoseStoreDoesNotAnswer_HoldsUpNoOtherTillOfTheConnection()
    {
        await HelloAsync(1, Silent);
        await HelloAsync(2, Answering);

        await HearsAsync(FrameType.Challenge, 2);
        Assert.DoesNotContain(_heard, heard => heard.Channel == 1);
    }

    [Fact]
    public async Task ATillWhoseStoreDoesNotAnswer_HearsBusyAndMayAskAgain()
    {
        await HelloAsync(1, Silent);
        Assert.Equal(500, Ms(await HearsAsync(FrameType.Busy, 1)));

        // Each asking costs a chain that has just lost a silo: the next ones are further apart.
        await HelloAsync(1, Silent);
        Assert.Equal(1_000, Ms(await HearsAsync(FrameType.Busy, 1)));

        _actors.Silence.SetResult();
        await HelloAsync(1, Silent);
        await HearsAsync(FrameType.Challenge, 1);
    }

    [Fact]
    public async Task AStoreThatFails_IsBusyAtOnce()
    {
        await HelloAsync(1, Broken);

        Assert.Equal(500, Ms(await HearsAsync(FrameType.Busy, 1)));
    }

    [Fact]
    public async Task ASecondHelloBeforeTheFirstIsAnswered_IsRefused_AndALeftChannelHearsNothingMore()
    {
        await HelloAsync(1, Silent);
        await HelloAsync(1, Silent);
        Assert.Contains("ChannelInUse", await HearsAsync(FrameType.Error, 1), StringComparison.Ordinal);

        await SendAsync(FrameType.Bye, 1, "");
        await HelloAsync(2, Answering);
        await HearsAsync(FrameType.Challenge, 2);
        _actors.Silence.SetResult();
        await HelloAsync(3, Answering);
        await HearsAsync(FrameType.Challenge, 3);
        Assert.DoesNotContain(_heard, heard => heard.Type == FrameType.Challenge);
    }

    [Fact]
    public async Task AProofBeforeTheChallenge_IsNotWelcome()
    {
        await HelloAsync(1, Silent);
        await SendAsync(FrameType.Proof, 1, """{"proof":"AAAA"}""");

        Assert.Contains("NotWelcome", await HearsAsync(FrameType.Error, 1), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _toServer.Writer.CompleteAsync();
        await _serving;
        await _end.CancelAsync();
        await _toTills.Writer.CompleteAsync();
        await _hearing;
        _end.Dispose();
    }

    private static int Ms(string busy) => (int)System.Text.Json.Nodes.JsonNode.Parse(busy)!["retryAfterMs"]!;

    private Task HelloAsync(ushort channel, int store) =>
        SendAsync(FrameType.Hello, channel, RawTill.HelloOf(store, 1, TillRoles.Scanner, TillProof.NewNonce()));

    private async Task SendAsync(FrameType type, ushort channel, string json) =>
        await _toServer.Writer.WriteAsync(FrameBytes.Of(type, channel, 0, Encoding.UTF8.GetBytes(json)));

    /// <summary>Takes what came first for this channel.</summary>
    private async Task<string> HearsAsync(FrameType type, ushort channel)
    {
        for (var tries = 0; tries < 1_000; tries++)
        {
            if (_heard.TryDequeue(out var heard))
            {
                Assert.Equal((type, channel), (heard.Type, heard.Channel));
                return heard.Json;
            }

            await Task.Delay(10);
        }

        throw new TimeoutException($"No {type} came on channel {channel}.");
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class StoresAlone : IActors
    {
        private static readonly StoreProfile Profile = new(
            1, "One", new Msn("100001"), Country.NO, Currency.NOK, "Europe/Oslo", Language.Nb);

        public TaskCompletionSource Silence { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation = default)
        {
            if (store == Broken) throw new ActorOutOfReachException("no silo");
            if (store == Silent) await Silence.Task.WaitAsync(cancellation);
            return new StoreReply.Admitted(Profile, new Secret("AAAAAAAAAAAAAAAAAAAAAA=="));
        }

        public ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
