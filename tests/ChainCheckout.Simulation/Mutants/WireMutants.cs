using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using ChainCheckout.Protocol;
using ChainCheckout.Simulation.Time;
using ChainCheckout.Vipps.Webhooks;

namespace ChainCheckout.Simulation.Mutants;

/// <summary>
/// The bugs that never reach a port: a signature that nobody checks and a parser that believes a length. Known answers and a fuzz
/// catch them; the product itself has to pass both.
/// </summary>
internal static class WireMutants
{
    private const int Rounds = 1_000;

    private delegate WebhookVerdict Verifier(ReadOnlySpan<byte> body, WebhookHeaders headers, string host, Secret secret);

    private delegate bool Parser(ReadOnlySequence<byte> input, out int payloadBytes);

    /// <summary>Null: it is a mutant for whole runs.</summary>
    public static Catch? Catches(Mutant mutant) => mutant switch
    {
        Mutant.SignatureNotChecked => new Catch(mutant, AcceptsForged(Unchecked) && !AcceptsForged(Checked) ? "SignatureVectors" : null, "I-18", 1),
        Mutant.ParserTrustsLength => new Catch(mutant, ReadsOutOfFrame(Trusting) && !ReadsOutOfFrame(Judging) ? "FrameFuzz" : null, "I-34", 1),
        _ => null,
    };

    /// <summary>Every way to be almost genuine.</summary>
    private static bool AcceptsForged(Verifier verify)
    {
        var secret = new Secret("a secret of a registration");
        var body = Encoding.UTF8.GetBytes("""{"reference":"s1-t1-1-1","name":"AUTHORIZED"}""");
        var headers = WebhookSignature.Sign(body, "POST", "/vipps/webhooks/123456", "chain.example", World.Begin, secret);
        var altered = (byte[])body.Clone();
        altered[^3] ^= 1;
        return verify(altered, headers, "chain.example", secret) == WebhookVerdict.Genuine
            || verify(body, headers, "other.example", secret) == WebhookVerdict.Genuine
            || verify(body, headers, "chain.example", new Secret("another secret")) == WebhookVerdict.Genuine
            || verify(body, headers with { XMsDate = "Mon, 02 Mar 2026 08:00:01 GMT" }, "chain.example", secret) == WebhookVerdict.Genuine
            || verify(body, headers with { Authorization = "" }, "chain.example", secret) == WebhookVerdict.Genuine
            || verify(body, headers, "chain.example", secret) != WebhookVerdict.Genuine;
    }

    private static WebhookVerdict Checked(ReadOnlySpan<byte> body, WebhookHeaders headers, string host, Secret secret) => WebhookSignature.Verify(
        body, "POST", "/vipps/webhooks/123456", host, headers.XMsDate, headers.XMsContentSha256, headers.Authorization, secret);

    private static WebhookVerdict Unchecked(ReadOnlySpan<byte> body, WebhookHeaders headers, string host, Secret secret) => WebhookVerdict.Genuine;

    /// <summary>Frames with lengths that lie: whatever comes, nothing is read that is not there, and nothing throws.</summary>
    private static bool ReadsOutOfFrame(Parser parse)
    {
        var chance = new Chance(7);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[chance.Between(ProtocolLimits.HeaderBytes, 64)];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)chance.Below(256);
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(chance.Below(3) == 0 ? int.MaxValue : chance.Below(100)));
            (bytes[4], bytes[5]) = ((byte)FrameType.Command, ProtocolLimits.WireVersion);
            try
            {
                if (parse(new ReadOnlySequence<byte>(bytes), out var payload) && payload > bytes.Length - ProtocolLimits.HeaderBytes) return true;
            }
            catch (ArgumentOutOfRangeException)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Judging(ReadOnlySequence<byte> input, out int payloadBytes)
    {
        var status = FrameReader.TryRead(ref input, out var frame, out _);
        payloadBytes = status == ReadStatus.Frame ? (int)frame.Payload.Length : 0;
        return status == ReadStatus.Frame;
    }

    private static bool Trusting(ReadOnlySequence<byte> input, out int payloadBytes)
    {
        payloadBytes = (int)BinaryPrimitives.ReadUInt32BigEndian(input.FirstSpan);
        return input.Slice(ProtocolLimits.HeaderBytes, payloadBytes).Length == payloadBytes;
    }
}
