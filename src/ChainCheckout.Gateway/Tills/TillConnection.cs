using System.Buffers;
using System.Security.Cryptography;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using Microsoft.AspNetCore.Connections;

namespace ChainCheckout.Gateway.Tills;

/// <summary>What every connection of a gateway shares.</summary>
internal sealed record TillPorts(
    IActors Actors, TillSessions Sessions, Admission Admission, ChainSecret Secret, GatewayOptions Options, TimeProvider Clock, TillLog Log,
    TillMetrics Metrics);

/// <summary>
/// One TCP connection with its channels. Frames are read one after another; commands and handshakes run beside the reading, so that
/// one till's turn never delays another's, nor does one whose store cannot be reached for the moment.
/// </summary>
internal sealed partial class TillConnection(ConnectionContext connection, TillPorts ports)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly FrameOutbound _output = new(connection.Transport.Output.AsStream(), ports.Options.Tills.OutboundBytesMax, _ => connection.Abort());
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, Handshake> _shaking = [];
    private readonly Dictionary<ushort, TillChannel> _channels = [];
    private bool _isOver;
    private long _heardAt = ports.Clock.GetTimestamp();
    private volatile bool _isWelcome;
    private volatile bool _isDismissed;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var deadline = ports.Clock.CreateTimer(
            _ =>
            {
                if (!_isWelcome) connection.Abort();
            },
            null, ports.Options.Tills.HelloTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            // A stranger may make the server hold a handshake's worth of bytes and no more.
            await FrameLoop.RunAsync(
                connection.Transport.Input, OnFrame, () => _isWelcome ? ProtocolLimits.FrameBytesMax : ProtocolLimits.HandshakeBytesMax, cancellation);
        }
        catch (ProtocolException broken)
        {
            ports.Log.FrameBroken(connection.ConnectionId, broken.Fault.ToString());
            ports.Metrics.FrameBroken();
            if (broken.Fault != FrameFault.OutOfPlace)
                SayError(0, 0, ErrorCodes.MalformedFrame, broken.Fault.ToString(), "The frame is broken; the connection is closed.");
        }
        finally
        {
            foreach (var channel in End()) Leave(channel);
            if (!connection.ConnectionClosed.IsCancellationRequested) _ = CutSoonAsync();
        }
    }

    public void CutIfSilent()
    {
        if (ports.Clock.GetElapsedTime(Volatile.Read(ref _heardAt)) <= ports.Options.Tills.IdleTimeout) return;
        if (_isDismissed) connection.Abort();
        else Dismiss(new Goodbye(GoodbyeReasons.Idle, 0));
    }

    public void SayGoodbye() => Dismiss(new Goodbye(GoodbyeReasons.Shutdown, 200 + RandomNumberGenerator.GetInt32(800)));

    /// <summary>A newer connection opened this till: its channel here is over, the connection's others are not.</summary>
    public void Replaced(TillChannel channel)
    {
        lock (_gate)
        {
            if (_channels.TryGetValue(channel.Channel, out var known) && known == channel) _channels.Remove(channel.Channel);
        }

        _output.Write(new FrameHeader(FrameType.Goodbye, channel.Channel), new Goodbye(GoodbyeReasons.Replaced, 0), ProtocolJson.Default.Goodbye);
    }

    /// <summary>
    /// No more frames are read, and the connection closes behind what is still to be sent: an abort would take the
    /// Goodbye with it.
    /// </summary>
    private void Dismiss(Goodbye goodbye)
    {
        if (_isDismissed) return;
        _isDismissed = true;
        _output.Write(new FrameHeader(FrameType.Goodbye, 0), goodbye, ProtocolJson.Default.Goodbye);
        connection.Transport.Input.CancelPendingRead();
    }

    /// <summary>A peer that does not read would keep the last bytes, and with them the connection, for ever.</summary>
    private async Task CutSoonAsync()
    {
        await Task.Delay(Farewell, ports.Clock, CancellationToken.None);
        connection.Abort();
    }

    private ValueTask OnFrame(Frame frame, CancellationToken cancellation)
    {
        Volatile.Write(ref _heardAt, ports.Clock.GetTimestamp());
        var number = frame.Header.Channel;
        switch (frame.Header.Type)
        {
            case FrameType.Command:
                OnCommand(frame);
                break;
            case FrameType.Hello:
                OnHello(number, frame.Payload);
                break;
            case FrameType.Proof:
                OnProof(number, frame.Payload);
                break;
            case FrameType.Ping:
                _output.Write(new FrameHeader(FrameType.Pong, 0, frame.Header.Sequence));
                foreach (var channel in Snapshot())
                {
                    if (channel.TakeConfirmed() is { } seen) _ = ports.Sessions.AskAsync(ports.Actors, channel, seen);
                }

                break;
            case FrameType.Bye:
                lock (_gate) _shaking.Remove(number);
                if (Find(number) is { } leaving) Leave(leaving);
                break;
            default:
                SayError(number, frame.Header.Sequence, ErrorCodes.UnexpectedFrame, null, "A till does not send this type of frame.");
                break;
        }

        return default;
    }

    private void OnCommand(Frame frame)
    {
        var (number, sequence) = (frame.Header.Channel, frame.Header.Sequence);
        if (Find(number) is not { } channel)
        {
            SayError(number, sequence, ErrorCodes.NotWelcome, null, "Say Hello first.");
            return;
        }

        var read = CommandReader.Read(frame.Payload);
        if (read.Fault is { } fault)
        {
            ports.Metrics.Malformed();
            SayError(number, sequence, fault.Code, fault.Field, fault.Message);
            return;
        }

        var command = read.Command!;
        if (!channel.TryBeginCommand())
        {
            ports.Metrics.Busy(BusyReason.OneAtATime);
            SayBusy(number, sequence, 100);
            return;
        }

        if (!ports.Admission.TryEnter(command.IsNewWork()))
        {
            channel.EndCommand();
            ports.Metrics.Busy(BusyReason.Overload);
            SayBusy(number, sequence, ports.Admission.RetryAfterMs());
            return;
        }

        _ = RunCommandAsync(channel, sequence, read.Session, command);
    }

    private async Task RunCommandAsync(TillChannel channel, uint sequence, uint session, Protocol.Commands.TillCommand command)
    {
        var begun = ports.Metrics.Begin();
        try
        {
            var hash = ports.Secret.CommandHash(CommandCanonical.ToBytes(command));
            var random = RandomNumberGenerator.GetHexString(10, lowercase: true);
            var message = new TillMessage.Command(channel.Role, session, sequence, hash, random, command.ToCore());
            var reply = await ports.Actors.SendAsync(channel.Till, message).AsTask().WaitAsync(ports.Options.Tills.CommandTimeout, ports.Clock);
            channel.EndCommand();
            switch (reply)
            {
                case TillReply.Answer answer:
                    channel.Known();
                    ports.Metrics.Answered(answer.Reply.Done ? CommandEnd.Done : CommandEnd.Refused, begun);
                    channel.Reply(sequence, answer.Reply);
                    break;
                case TillReply.NotApplied refused:
                    ports.Metrics.Answered(CommandEnd.NotApplied, begun);
                    SayError(channel.Channel, sequence, refused.Code, null, "The command was not applied.", refused.LastApplied);
                    break;
            }
        }
        catch (Exception failure)
        {
            // Perhaps applied: the till repeats the number and gets the stored reply, or has it applied then.
            channel.EndCommand();
            ports.Log.CommandUnknown(failure, channel.Actor.Key, sequence);
            ports.Metrics.Busy(BusyReason.UnknownOutcome);
            SayBusy(channel.Channel, sequence, channel.UnknownAgainMs());
        }
        finally
        {
            ports.Admission.Leave();
        }
    }

    private void Leave(TillChannel channel)
    {
        lock (_gate)
        {
            if (!_channels.TryGetValue(channel.Channel, out var known) || known != channel) return;
            _channels.Remove(channel.Channel);
        }

        if (ports.Sessions.Close(this, channel)) _ = TellGoneAsync(channel);
    }

    private async Task TellGoneAsync(TillChannel channel)
    {
        try
        {
            await ports.Actors.SendAsync(channel.Till, new TillMessage.Gone(channel.Role, channel.Session));
        }
        catch (Exception failure)
        {
            ports.Log.GoneNotTold(failure, channel.Actor.Key);
        }
    }

    /// <summary>The channels to be left; nobody new comes after it.</summary>
    private TillChannel[] End()
    {
        lock (_gate)
        {
            _isOver = true;
            _shaking.Clear();
            return [.. _channels.Values];
        }
    }

    private TillChannel? Find(ushort number)
    {
        lock (_gate) return _channels.GetValueOrDefault(number);
    }

    private TillChannel[] Snapshot()
    {
        lock (_gate) return [.. _channels.Values];
    }

    private LimitsPayload Limits() => new(
        ProtocolLimits.FrameBytesMax, (int)ports.Options.Tills.Heartbeat.TotalSeconds, (int)ports.Options.Tills.IdleTimeout.TotalSeconds);

    private void SayBusy(ushort channel, uint sequence, int retryAfterMs) =>
        _output.Write(new FrameHeader(FrameType.Busy, channel, sequence), new Busy(retryAfterMs), ProtocolJson.Default.Busy);

    private void SayError(ushort channel, uint sequence, string code, string? field, string text, uint? lastApplied = null) =>
        _output.Write(new FrameHeader(FrameType.Error, channel, sequence), new Error(code, field, text, lastApplied), ProtocolJson.Default.Error);
}
