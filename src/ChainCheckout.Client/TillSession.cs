using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Client;

/// <summary>
/// One channel's life from Hello to its end; what it receives goes to the till's desk, board and observer.
/// </summary>
internal sealed class TillSession(
    Till till, TillIdentity identity, byte[] secret, CommandDesk desk, ViewBoard views, TillOptions options)
    : IChannelSink, ICommandWire
{
    private static readonly int[] Versions = [1];

    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SessionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _nonce = TillProof.NewNonce();
    private TillChannel? _channel;
    private uint _session;

    /// <summary>Welcome, or over before that.</summary>
    public Task Settled => _settled.Task;

    public Task<SessionEnd> Ended => _ended.Task;

    public bool IsWelcome { get; private set; }

    public void Begin(TillChannel channel, uint lastEpoch)
    {
        _channel = channel;
        var hello = new Hello(
            identity.Store,
            identity.Till,
            identity.Role,
            Versions,
            lastEpoch,
            desk.LastAnswered,
            _nonce,
            options.Software);
        channel.Send(FrameType.Hello, hello, ProtocolJson.Default.Hello);
    }

    public void Send(uint number, ReadOnlySpan<byte> canonical) => _channel!.SendCommand(number, _session, canonical);

    public void GiveUp() => End(new SessionEnd.Silence());

    public void OnCut(Exception? failure) => End(new SessionEnd.Cut(failure));

    public void End(SessionEnd end)
    {
        _ended.TrySetResult(end);
        _settled.TrySetResult();
    }

    public void OnFrame(Frame frame, long receivedAt)
    {
        if (_ended.Task.IsCompleted) return;
        switch (frame.Header.Type)
        {
            case FrameType.Challenge when !IsWelcome && Read(frame, ProtocolJson.Default.Challenge) is { } challenge:
                Prove(challenge);
                break;
            case FrameType.Welcome when !IsWelcome && Read(frame, ProtocolJson.Default.Welcome) is { } welcome:
                OnWelcome(welcome, receivedAt);
                break;
            case FrameType.Reply when IsWelcome && Read(frame, ProtocolJson.Default.Reply) is { } reply:
                OnReply(frame.Header.Sequence, reply, receivedAt);
                break;
            case FrameType.View when IsWelcome && Read(frame, ProtocolJson.Default.ViewPayload) is { } view:
                OnView(view, receivedAt);
                break;
            case FrameType.Busy when Read(frame, ProtocolJson.Default.Busy) is { } busy:
                OnBusy(frame.Header.Sequence, busy, receivedAt);
                break;
            case FrameType.Error when Read(frame, ProtocolJson.Default.Error) is { } error:
                OnError(frame.Header.Sequence, error, receivedAt);
                break;
            case FrameType.Goodbye when Read(frame, ProtocolJson.Default.Goodbye) is { } goodbye:
                End(new SessionEnd.Dismissed(goodbye));
                break;
            default:
                // The framing holds, so only this till starts anew; its neighbours on the connection go on.
                End(new SessionEnd.Cut(new ProtocolException(FrameFault.OutOfPlace)));
                break;
        }
    }

    private void Prove(Challenge challenge)
    {
        var proof = TillProof.Compute(
            secret, identity.Store, identity.Till, identity.Role, _nonce, challenge.Nonce);
        _channel!.Send(FrameType.Proof, new Proof(proof), ProtocolJson.Default.Proof);
    }

    private void OnWelcome(Welcome welcome, long receivedAt)
    {
        IsWelcome = true;
        _session = welcome.Session;
        _channel!.Connection.Tune(welcome.Limits);
        till.OnWelcome(welcome);
        options.Observer?.OnConnected(till, welcome, receivedAt);
        views.Show(welcome.View, isFirst: true);
        options.Observer?.OnView(till, welcome.View, receivedAt);
        desk.Resume(this, welcome.LastApplied);
        _settled.TrySetResult();
    }

    private void OnReply(uint number, Reply reply, long receivedAt)
    {
        options.Observer?.OnReply(till, number, reply, receivedAt);
        desk.Answer(this, number, reply, receivedAt);
    }

    private void OnView(ViewPayload view, long receivedAt)
    {
        if (views.Show(view, isFirst: false)) options.Observer?.OnView(till, view, receivedAt);
    }

    private void OnBusy(uint number, Busy busy, long receivedAt)
    {
        var retryAfter = TimeSpan.FromMilliseconds(Math.Max(0, busy.RetryAfterMs));
        options.Observer?.OnBusy(till, number, retryAfter, receivedAt);
        if (IsWelcome) desk.Postpone(this, number, retryAfter);
        else End(new SessionEnd.Dismissed(new Goodbye(GoodbyeReasons.Overload, busy.RetryAfterMs)));
    }

    private void OnError(uint number, Error error, long receivedAt)
    {
        options.Observer?.OnError(till, number, error, receivedAt);
        var endsSession = !IsWelcome || error.Code is ErrorCodes.StaleSession or ErrorCodes.NotWelcome;
        if (endsSession) End(new SessionEnd.Refused(error));
        else desk.Reject(this, number, error, receivedAt);
    }

    private static T? Read<T>(Frame frame, JsonTypeInfo<T> type) where T : class =>
        PayloadReader.TryRead(frame.Payload, type, out var value) ? value : null;
}
