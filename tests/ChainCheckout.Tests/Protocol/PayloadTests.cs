using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.Protocol;

public sealed class PayloadTests
{
    private static readonly ViewPayload View = new(
        7, "S-1", "paying", "pushed", "Venter på kunden", "Be kunden åpne appen", ["cancel"],
        new CustomerPayload("+47 ••••• 678", "Åse", Memberships.Member, "m-1", 120, 1, "Spør kunden"),
        new PaymentPayload("42-7-1-3", 12_950, "NOK", 1, "approving", 290),
        new ReceiptPayload("S-0", Tenders.Vipps, "42-7-1-1", 100, "NOK", DateTimeOffset.UnixEpoch),
        new RefundPayload("42-7-1-1", 100, "NOK", "refunding", "RefundDone", "Refunded"),
        new EnrolmentPayload("waiting", "EnrolWaiting", "Venter", "Be kunden", "ABC-123", 290));

    private static readonly ViewPayload Bare = new(0, null, "idle", "ready", "Klar", "", []);

    [Fact]
    public void EveryPayload_WrittenAndReadAgain_IsTheSame()
    {
        SurvivesTheWire(
            new Hello(42, 7, TillRoles.Pos, [1, 2], 3, 4, "bm9uY2U=", "till 1.0"), ProtocolJson.Default.Hello, 8);
        SurvivesTheWire(new Challenge("bm9uY2U=", 1), ProtocolJson.Default.Challenge, 2);
        SurvivesTheWire(new Proof("+/=="), ProtocolJson.Default.Proof, 1);
        SurvivesTheWire(new Welcome(1, 2, 3, View, new LimitsPayload(65_536, 10, 30)), ProtocolJson.Default.Welcome, 5);
        SurvivesTheWire(View, ProtocolJson.Default.ViewPayload, 12);
        SurvivesTheWire(Bare, ProtocolJson.Default.ViewPayload, 6);
        SurvivesTheWire(
            new Reply(ReplyStatus.Done, "Ok", "f", "t", "h", "r", "s", 8), ProtocolJson.Default.Reply, 8);
        SurvivesTheWire(new Error(ErrorCodes.SequenceGap, null, "t", 9), ProtocolJson.Default.Error, 3);
        SurvivesTheWire(new Busy(250), ProtocolJson.Default.Busy, 1);
        SurvivesTheWire(new Goodbye(GoodbyeReasons.Shutdown, 5, "b:1"), ProtocolJson.Default.Goodbye, 3);
    }

    [Fact]
    public void Text_IsPlainUtf8_AndWhatIsNullIsLeftOut()
    {
        var json = Write(Bare with { Text = "Kjøp + gå" }, ProtocolJson.Default.ViewPayload);

        Assert.Equal(
            """{"version":0,"stage":"idle","code":"ready","text":"Kjøp + gå","hint":"","allowed":[]}""", json);
    }

    [Fact]
    public void View_WithFieldsOfALaterVersion_IsRead()
    {
        var json = Write(Bare, ProtocolJson.Default.ViewPayload).Replace(
            "\"stage\"", "\"weather\":{\"code\":[1]},\"stage\"", StringComparison.Ordinal);

        Assert.True(TryRead(json, ProtocolJson.Default.ViewPayload, out var view));
        Assert.Equal("idle", view!.Stage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"nonce\":\"x\"}")]
    [InlineData("{\"nonce\":null,\"version\":1}")]
    [InlineData("{\"nonce\":\"x\",\"version\":1.5}")]
    [InlineData("{\"nonce\":\"x\",\"version\":1,\"version\":2}")]
    [InlineData("{\"nonce\":\"x\",\"version\":1} {}")]
    [InlineData("{\"nonce\":\"x\",\"version\":1")]
    public void Payload_ThatIsNotWhole_IsRefusedWithoutAnException(string json) =>
        Assert.False(TryRead(json, ProtocolJson.Default.Challenge, out _));

    [Fact]
    public void EveryRequiredField_LeftOut_IsRefused()
    {
        var whole = JsonNode.Parse(Write(
            new Welcome(1, 2, 3, View, new LimitsPayload(65_536, 10, 30)), ProtocolJson.Default.Welcome))!.AsObject();

        foreach (var name in whole.Select(field => field.Key).ToArray())
        {
            var lacking = whole.DeepClone().AsObject();
            lacking.Remove(name);
            Assert.False(TryRead(lacking.ToJsonString(), ProtocolJson.Default.Welcome, out _), name);
        }
    }

    [Fact]
    public void PersonalText_IsNotInWhatARecordSaysOfItself()
    {
        var said = $"{View} {new Proof("c2VjcmV0")}";

        Assert.DoesNotContain("Åse", said, StringComparison.Ordinal);
        Assert.DoesNotContain("678", said, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", said, StringComparison.Ordinal);
    }

    private static void SurvivesTheWire<T>(T payload, JsonTypeInfo<T> type, int fields) where T : class
    {
        var json = Write(payload, type);

        Assert.Equal(fields, JsonNode.Parse(json)!.AsObject().Count);
        Assert.True(TryRead(json, type, out var read));
        Assert.Equal(json, Write(read!, type));
    }

    private static string Write<T>(T payload, JsonTypeInfo<T> type)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.Write(output, new FrameHeader(FrameType.View, 1), payload, type);
        return Encoding.UTF8.GetString(output.WrittenSpan[ProtocolLimits.HeaderBytes..]);
    }

    private static bool TryRead<T>(string json, JsonTypeInfo<T> type, out T? value) where T : class =>
        PayloadReader.TryRead(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), type, out value);
}
