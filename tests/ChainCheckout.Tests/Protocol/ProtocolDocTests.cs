using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.Protocol;

/// <summary>docs/protocol.md is all that a stranger has: its bytes, types and codes are those of the code.</summary>
public sealed class ProtocolDocTests
{
    private const string Secret = "YS1zaXh0ZWVuLWJ5dGUtaw==";
    private const string ClientNonce = "AAECAwQFBgcICQoLDA0ODw==";
    private const string ServerNonce = "EBESExQVFhcYGRobHB0eHw==";

    private static readonly string Doc = File.ReadAllText(PathOf("docs/protocol.md"));

    [Fact]
    public void WorkedExample_IsWhatTheCodeWrites()
    {
        foreach (var block in Example()) AssertSaid(block);
    }

    [Fact]
    public void EveryFrameType_IsInTheTable() =>
        Assert.All(Enum.GetValues<FrameType>(), type => AssertSaid($"| `0x{(byte)type:x2}` | {type} |"));

    [Fact]
    public void EveryErrorCode_IsExplained() =>
        Assert.All(ConstantsOf(typeof(ErrorCodes)), code =>
            Assert.Matches($@"\n\|[^|]*`{code}`[^|]*\|", Doc));

    [Fact]
    public void EveryCommandAndReason_IsExplained()
    {
        Assert.All(ConstantsOf(typeof(CommandTypes)), type => AssertSaid($"\n| `{type}` |"));
        Assert.All(ConstantsOf(typeof(GoodbyeReasons)), why => AssertSaid($"`{why}`"));
    }

    [Fact]
    public void EveryFieldOfEveryPayload_IsExplained()
    {
        foreach (var type in new JsonTypeInfo[]
        {
            ProtocolJson.Default.Hello, ProtocolJson.Default.Challenge, ProtocolJson.Default.Proof,
            ProtocolJson.Default.Welcome, ProtocolJson.Default.LimitsPayload, ProtocolJson.Default.Reply,
            ProtocolJson.Default.ViewPayload, ProtocolJson.Default.CustomerPayload, ProtocolJson.Default.PaymentPayload,
            ProtocolJson.Default.ReceiptPayload, ProtocolJson.Default.RefundPayload,
            ProtocolJson.Default.EnrolmentPayload, ProtocolJson.Default.Error, ProtocolJson.Default.Goodbye,
        })
        {
            Assert.NotEmpty(type.Properties);
            Assert.All(type.Properties, property => AssertSaid($"`{property.Name}`"));
        }
    }

    [Fact]
    public void Proof_IsThatOfTheExample()
    {
        var proof = TillProof.Compute(TillProof.ReadSecret(Secret), 42, 7, TillRoles.Pos, ClientNonce, ServerNonce);

        AssertSaid($"| proof | `{proof}` |");
    }

    private static void AssertSaid(string text) => Assert.Contains(text, Doc, StringComparison.Ordinal);

    private static IEnumerable<string> Example()
    {
        var proof = TillProof.Compute(TillProof.ReadSecret(Secret), 42, 7, TillRoles.Pos, ClientNonce, ServerNonce);
        var hello = new Hello(42, 7, TillRoles.Pos, [1], 0, 0, ClientNonce, "example 1.0");
        var idle = new ViewPayload(1, null, "idle", "ready", "Klar", "", ["scan", "phone", "pay"]);
        var welcome = new Welcome(12, 1, 0, idle, new LimitsPayload(65_536, 10, 30));
        var reply = new Reply(ReplyStatus.Done, "scanned", null, "Koden er lest", SaleId: "S-1");
        yield return Block(FrameType.Hello, 0, hello, ProtocolJson.Default.Hello);
        yield return Block(FrameType.Challenge, 0, new Challenge(ServerNonce, 1), ProtocolJson.Default.Challenge);
        yield return Block(FrameType.Proof, 0, new Proof(proof), ProtocolJson.Default.Proof);
        yield return Block(FrameType.Welcome, 0, welcome, ProtocolJson.Default.Welcome);

        var output = new ArrayBufferWriter<byte>();
        var scan = CommandCanonical.ToBytes(new TillCommand.Scan("https://qr.example/p/abc", "S-1"));
        CommandWriter.Write(output, channel: 1, number: 1, session: 12, scan);
        yield return Block(FrameType.Command, output.WrittenSpan);
        yield return Block(FrameType.Reply, 1, reply, ProtocolJson.Default.Reply);
    }

    private static string Block<T>(FrameType type, uint sequence, T payload, JsonTypeInfo<T> json)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.Write(output, new FrameHeader(type, channel: 1, sequence), payload, json);
        return Block(type, output.WrittenSpan);
    }

    /// <summary>Name and text of a frame, its header's fields apart, then 32 bytes of payload a line.</summary>
    private static string Block(FrameType type, ReadOnlySpan<byte> frame)
    {
        var header = frame[..12];
        var text = new StringBuilder();
        text.Append($"**{type}** `{Encoding.UTF8.GetString(frame[12..])}`\n\n```\n");
        text.Append($"{Hex(header[..4])} {Hex(header[4..5])} {Hex(header[5..6])} ");
        text.Append($"{Hex(header[6..8])} {Hex(header[8..])}\n");
        for (var rest = frame[12..]; rest.Length > 0; rest = rest[Math.Min(32, rest.Length)..])
            text.Append($"{Hex(rest[..Math.Min(32, rest.Length)])}\n");
        return text.Append("```\n").ToString();
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static IEnumerable<string> ConstantsOf(Type type)
    {
        var found = type.GetFields().Select(field => (string)field.GetRawConstantValue()!).ToArray();
        Assert.NotEmpty(found);
        return found;
    }

    private static string PathOf(string path, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../../..", path);
}
