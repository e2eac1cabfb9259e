using System.Buffers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Gateway.Tills;

// Hello, Challenge, Proof, Welcome: a channel's way in. Whoever is asked on the way may be out of reach for a while.
internal sealed partial class TillConnection
{
    /// <summary>A till hears Busy before its connection is cut for saying nothing.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);

    private readonly HashSet<(int Store, int Till, string Role)> _postponed = [];

    /// <summary>One step of a channel's way in; a new one takes its place at the next step.</summary>
    private sealed class Handshake(Hello hello, Question? asked = null)
    {
        public Hello Hello => hello;

        /// <summary>Null while the store or the till is being asked.</summary>
        public Question? Asked => asked;
    }

    /// <summary>What the till was challenged with, and has not answered yet.</summary>
    private sealed record Question(StoreProfile Profile, Secret Secret, string Nonce);

    private void OnHello(ushort number, ReadOnlySequence<byte> payload)
    {
        if (!PayloadReader.TryRead(payload, ProtocolJson.Default.Hello, out var hello))
        {
            SayError(number, 0, ErrorCodes.MalformedJson, null, "The Hello cannot be read.");

            // A stranger gets one try: each costs the server an exception, and the time to a Hello holds many.
            if (!_isWelcome) throw new ProtocolException(FrameFault.OutOfPlace);
            return;
        }

        if (HelloRefused(number, hello) is { } refusal)
        {
            ports.Metrics.Hello(HelloEnd.Refused);
            SayError(number, 0, refusal.Code, refusal.Field, refusal.Text);
            return;
        }

        var shaking = new Handshake(hello);
        lock (_gate) _shaking[number] = shaking;
        _ = ChallengeAsync(number, shaking);
    }

    private async Task ChallengeAsync(ushort number, Handshake shaking)
    {
        var hello = shaking.Hello;
        try
        {
            var reply = await ports.Actors.SendAsync(hello.Store, new StoreMessage.Admit(hello.Till, CoreMapping.ToRole(hello.Role))).AsTask()
                .WaitAsync(AnswersWithin, ports.Clock);
            if (reply is not StoreReply.Admitted admitted)
            {
                ports.Log.TillUnknown(connection.ConnectionId, hello.Store, hello.Till);
                Refuse(number, shaking, HelloEnd.UnknownTill, ErrorCodes.UnknownTill, "till", "This till is not registered in this store.");
                return;
            }

            var asked = new Question(admitted.Profile, admitted.Secret, TillProof.NewNonce());
            if (!TryGoOn(number, shaking, new Handshake(hello, asked))) return;
            _output.Write(new FrameHeader(FrameType.Challenge, number), new Challenge(asked.Nonce, 1), ProtocolJson.Default.Challenge);
        }
        catch (Exception failure)
        {
            Postpone(number, shaking, failure);
        }
    }

    private (string Code, string? Field, string Text)? HelloRefused(ushort number, Hello hello)
    {
        if (number == 0) return (ErrorCodes.ChannelInUse, null, "Channel 0 is the connection itself.");
        if (!TillRoles.IsKnown(hello.Role)) return (ErrorCodes.WrongRole, "role", "A role is pos or scanner.");
        if (!TillId.IsValid(hello.Store, hello.Till)) return (ErrorCodes.UnknownTill, "store", "A store is 1 to 9999, a till 1 to 99.");
        if (!hello.Versions.Contains(1)) return (ErrorCodes.VersionNotSupported, "versions", "This server speaks version 1.");
        if (!TillProof.IsNonce(hello.Nonce)) return (ErrorCodes.WrongType, "nonce", "A nonce is base64 of 16 bytes.");
        lock (_gate)
        {
            var shaking = _shaking.GetValueOrDefault(number);
            if (shaking is { Asked: null }) return (ErrorCodes.ChannelInUse, null, "This channel's Hello has not been answered yet.");
            if (_channels.ContainsKey(number)) return (ErrorCodes.ChannelInUse, null, "This channel has a till already.");
            return _channels.Count + _shaking.Count >= ports.Options.Tills.ChannelsPerConnectionMax && shaking is null
                ? (ErrorCodes.TooManyChannels, null, $"A connection carries at most {ports.Options.Tills.ChannelsPerConnectionMax} channels.")
                : null;
        }
    }

    private void OnProof(ushort number, ReadOnlySequence<byte> payload)
    {
        var isRead = PayloadReader.TryRead(payload, ProtocolJson.Default.Proof, out var proof);
        Handshake? shaking;
        lock (_gate) shaking = _shaking.GetValueOrDefault(number);
        if (!isRead || shaking is not { Hello: var hello, Asked: { } asked })
        {
            if (shaking is not null) Forget(number, shaking);
            SayError(number, 0, ErrorCodes.NotWelcome, null, "Say Hello first.");
            return;
        }

        if (!TillProof.Verify(TillProof.ReadSecret(asked.Secret.Reveal), hello.Store, hello.Till, hello.Role, hello.Nonce, asked.Nonce, proof!.Value))
        {
            ports.Log.CredentialWrong(connection.ConnectionId, hello.Store, hello.Till, hello.Role);
            Refuse(number, shaking, HelloEnd.WrongCredential, ErrorCodes.WrongCredential, null, "The proof is not this till's.");
            return;
        }

        var proved = new Handshake(hello);
        if (TryGoOn(number, shaking, proved)) _ = WelcomeAsync(number, proved, asked.Profile);
    }

    private async Task WelcomeAsync(ushort number, Handshake proved, StoreProfile profile)
    {
        var hello = proved.Hello;
        try
        {
            var role = CoreMapping.ToRole(hello.Role);
            var till = new TillId(hello.Store, hello.Till);
            var said = await ports.Actors.SendAsync(till, new TillMessage.Hello(role, hello.LastEpoch, hello.LastAnswered, profile)).AsTask()
                .WaitAsync(AnswersWithin, ports.Clock);
            if (said is not TillReply.Welcome welcome)
            {
                Refuse(number, proved, HelloEnd.Refused, ErrorCodes.OutOfRange, "lastEpoch", "The epoch is out of range.");
                return;
            }

            var channel = new TillChannel(number, till, role, welcome.Session, _output, ports.Clock);
            if (!TryOpen(number, proved, channel))
            {
                // It left while the till was asked.
                await TellGoneAsync(channel);
                return;
            }

            channel.Welcome(welcome, Limits());
            ports.Sessions.Open(this, channel);
            ports.Metrics.Hello(HelloEnd.Welcomed);
            _isWelcome = true;

            // What was pushed between the turn and the registration went to nobody; and who left meanwhile was not registered yet.
            if (Find(number) == channel) await ports.Sessions.AskAsync(ports.Actors, channel, welcome.View.Version);
            else if (ports.Sessions.Close(this, channel)) await TellGoneAsync(channel);
        }
        catch (Exception failure)
        {
            Postpone(number, proved, failure);
        }
    }

    /// <summary>False when the till has left meanwhile, or its connection is over.</summary>
    private bool TryGoOn(ushort number, Handshake from, Handshake to)
    {
        lock (_gate)
        {
            if (_isOver || _shaking.GetValueOrDefault(number) != from) return false;
            _shaking[number] = to;
            return true;
        }
    }

    private bool TryOpen(ushort number, Handshake proved, TillChannel channel)
    {
        lock (_gate)
        {
            if (_isOver || _shaking.GetValueOrDefault(number) != proved) return false;
            _shaking.Remove(number);
            _postponed.Remove((proved.Hello.Store, proved.Hello.Till, proved.Hello.Role));
            _channels[number] = channel;
            return true;
        }
    }

    private bool Forget(ushort number, Handshake shaking)
    {
        lock (_gate) return _shaking.GetValueOrDefault(number) == shaking && _shaking.Remove(number);
    }

    private void Refuse(ushort number, Handshake shaking, HelloEnd end, string code, string? field, string text)
    {
        ports.Metrics.Hello(end);
        if (Forget(number, shaking)) SayError(number, 0, code, field, text);
    }

    /// <summary>Half a second the first time, a second from then on: where a silo has died, all its tills come at once.</summary>
    private void Postpone(ushort number, Handshake shaking, Exception failure)
    {
        ports.Log.HelloFailed(failure, connection.ConnectionId);
        ports.Metrics.Hello(HelloEnd.Failed);
        bool isFirst;
        lock (_gate) isFirst = _postponed.Add((shaking.Hello.Store, shaking.Hello.Till, shaking.Hello.Role));
        if (Forget(number, shaking)) SayBusy(number, 0, isFirst ? 500 : 1_000);
    }
}
