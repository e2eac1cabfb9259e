using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Protocol.Commands;
using FsCheck;
using FsCheck.Fluent;

namespace ChainCheckout.Tests.Protocol;

public sealed class CommandReaderTests
{
    private const string Pay = """{"session":12,"type":"pay","saleId":"S-1","amountMinor":12950,"currency":"NOK"}""";
    private const string Refund = "\"session\":1,\"type\":\"refund\",\"amountMinor\":1,\"currency\":\"NOK\"}";
    private const string Line = """{"id":"1","name":"Brød","totalMinor":3990,"taxRate":1500}""";

    [Fact]
    public void EveryCommand_IsReadAsItWasWritten()
    {
        foreach (var command in EveryCommand.All)
        {
            var result = Read(EveryCommand.Wire(command, session: 4_000_000_000));

            Assert.True(result.IsCommand, $"{command}: {result.Fault}");
            Assert.Equal(4_000_000_000, result.Session);
            Assert.Equal(CommandCanonical.ToBytes(command), CommandCanonical.ToBytes(result.Command));
        }
    }

    [Fact]
    public void Fields_InAnyOrderAndSpacing_AreTheSameCommand()
    {
        foreach (var command in EveryCommand.All)
        {
            var backwards = new JsonObject(JsonNode.Parse(EveryCommand.Wire(command, 1))!.AsObject()
                .Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

            var result = Read(backwards.ToString());

            Assert.Equal(CommandCanonical.ToBytes(command), CommandCanonical.ToBytes(result.Command!));
        }
    }

    [Theory]
    [InlineData("""{"session":1,"type":"enrol"}""", """{"type":"enrol"}""")]
    [InlineData("""{"session":1,"type":"enrol","replace":false}""", """{"type":"enrol"}""")]
    [InlineData("""{"replace":true,"session":1,"type":"enrol"}""", """{"type":"enrol","replace":true}""")]
    public void Replace_IsFalseUnlessSaid_AndFalseIsNotSpelled(string json, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(CommandCanonical.ToBytes(Read(json).Command!)));

    [Fact]
    public void EveryRequiredField_LeftOut_IsMissingByName()
    {
        foreach (var command in EveryCommand.Bare)
        {
            var whole = JsonNode.Parse(EveryCommand.Wire(command, 1))!.AsObject();
            foreach (var name in whole.Select(field => field.Key).ToArray())
            {
                var lacking = whole.DeepClone().AsObject();
                lacking.Remove(name);
                AssertFault(lacking.ToJsonString(), "MissingField", name);
            }
        }
    }

    [Fact]
    public void EveryFieldOfAnotherCommand_IsUnknownByName()
    {
        foreach (var command in EveryCommand.All)
        {
            var own = JsonNode.Parse(EveryCommand.Wire(command, 1))!.AsObject();
            foreach (var other in EveryCommand.All.SelectMany(c => JsonNode.Parse(EveryCommand.Wire(c, 1))!.AsObject()))
            {
                if (own.ContainsKey(other.Key) || EveryCommand.MayHave(command, other.Key)) continue;
                var mixed = own.DeepClone().AsObject();
                mixed.Add(other.Key, other.Value?.DeepClone());
                AssertFault(mixed.ToJsonString(), "UnknownField", other.Key);
            }
        }
    }

    [Theory]
    [InlineData("", "MalformedJson", "")]
    [InlineData("[]", "MalformedJson", "")]
    [InlineData("\"pay\"", "MalformedJson", "")]
    [InlineData("{", "MalformedJson", "")]
    [InlineData(Pay + "x", "MalformedJson", "")]
    [InlineData(Pay + Pay, "MalformedJson", "")]
    [InlineData("""{"session":1,"type":"cancel","saleId":"a",}""", "MalformedJson", "")]
    [InlineData("""{"session":1,"type":"cancel",/**/"saleId":"a"}""", "MalformedJson", "")]
    [InlineData("""{"session":1,"type":"cancel","saleId":"\ud800"}""", "MalformedJson", "")]
    [InlineData("""{"session":1,"type":"cancel","\ud800":"a"}""", "MalformedJson", "")]
    [InlineData("""{"session":1,"type":"cancel","saleId":[[[[[[[[[[]]]]]]]]]]}""", "MalformedJson", "")]
    [InlineData("""{"session":1,"type":"cancel","saleId":"a","saleId":"a"}""", "MalformedJson", "saleId")]
    [InlineData("""{"session":1,"type":"cancel","saleId":"a","sale\u0049d":"a"}""", "MalformedJson", "saleId")]
    [InlineData("""{"session":1,"type":"sell","foo":1}""", "UnknownCommand", "type")]
    [InlineData("""{"session":1,"type":"Pay"}""", "UnknownCommand", "type")]
    [InlineData("""{"session":1,"type":3}""", "WrongType", "type")]
    [InlineData("""{"session":1,"saleId":"a"}""", "MissingField", "type")]
    [InlineData("""{"session":-1,"type":"cancel","saleId":"a"}""", "OutOfRange", "session")]
    [InlineData("""{"session":4294967296,"type":"cancel","saleId":"a"}""", "OutOfRange", "session")]
    [InlineData("""{"session":"1","type":"cancel","saleId":"a"}""", "WrongType", "session")]
    [InlineData("""{"session":1,"type":"cancel","saleId":null}""", "WrongType", "saleId")]
    [InlineData("""{"session":1,"type":"cancel","saleId":""}""", "OutOfRange", "saleId")]
    [InlineData("""{"session":1,"type":"cancel","saleId":"a b"}""", "OutOfRange", "saleId")]
    [InlineData("""{"session":1,"type":"cancel","saleId":"å"}""", "OutOfRange", "saleId")]
    [InlineData("""{"session":1,"type":"cancel","saleId":"a","till":"07"}""", "UnknownField", "till")]
    [InlineData("""{"session":1,"type":"cancel","saleId":7,"till":"07"}""", "UnknownField", "till")]
    [InlineData("""{"session":1,"type":"scan","qr":7}""", "WrongType", "qr")]
    [InlineData("""{"session":1,"replace":true}""", "MissingField", "type")]
    [InlineData("""{"session":1,"type":"Enrol"}""", "UnknownCommand", "type")]
    [InlineData("""{"session":1,"type":"enrol","replace":"yes"}""", "WrongType", "replace")]
    [InlineData("""{"session":1,"type":"enrol","replace":1}""", "WrongType", "replace")]
    [InlineData("""{"session":1,"type":"enrol","replace":null}""", "WrongType", "replace")]
    [InlineData("""{"session":1,"type":"enrol","replace":true,"replace":true}""", "MalformedJson", "replace")]
    [InlineData("""{"session":1,"type":"enrol","saleId":"a b"}""", "OutOfRange", "saleId")]
    [InlineData("""{"session":1,"type":"enrol","phone":"91234567"}""", "UnknownField", "phone")]
    [InlineData("""{"session":1,"type":"scan","qr":"x","replace":true}""", "UnknownField", "replace")]
    [InlineData("""{"session":1,"type":"scan","qr":{"a":1}}""", "WrongType", "qr")]
    public void Payload_ThatIsNoCommand_IsRefusedByCodeAndField(string json, string code, string field) =>
        AssertFault(json, code, field);

    [Theory]
    [InlineData("amountMinor", "1e3", "WrongType")]
    [InlineData("amountMinor", "1.5", "WrongType")]
    [InlineData("amountMinor", "1.0", "WrongType")]
    [InlineData("amountMinor", "\"100\"", "WrongType")]
    [InlineData("amountMinor", "true", "WrongType")]
    [InlineData("amountMinor", "[1]", "WrongType")]
    [InlineData("amountMinor", "9223372036854775808", "OutOfRange")]
    [InlineData("amountMinor", "01", "MalformedJson")]
    [InlineData("currency", "\"nok\"", "OutOfRange")]
    [InlineData("currency", "\"NO\"", "OutOfRange")]
    [InlineData("currency", "\"NOKK\"", "TooLong")]
    [InlineData("currency", "578", "WrongType")]
    [InlineData("minimumAge", "101", "OutOfRange")]
    [InlineData("minimumAge", "-1", "OutOfRange")]
    [InlineData("coupons", "\"c\"", "WrongType")]
    [InlineData("coupons", "[1]", "WrongType")]
    [InlineData("coupons", "[\"\"]", "OutOfRange")]
    [InlineData("lines", "{}", "WrongType")]
    [InlineData("lines", "null", "WrongType")]
    public void FieldOfPay_ThatIsWrong_IsNamed(string field, string value, string code) =>
        AssertFault(With(Pay, field, value), code, code == "MalformedJson" ? "" : field);

    [Theory]
    [InlineData("totalMinor", "1.5", "WrongType")]
    [InlineData("totalMinor", "1E2", "WrongType")]
    [InlineData("taxRate", "10001", "OutOfRange")]
    [InlineData("taxRate", "-1", "OutOfRange")]
    [InlineData("taxRate", "\"25\"", "WrongType")]
    [InlineData("id", "\"\"", "OutOfRange")]
    [InlineData("name", "7", "WrongType")]
    [InlineData("quantity", "2", "WrongType")]
    [InlineData("quantity", "\"2,5\"", "OutOfRange")]
    [InlineData("quantity", "\"-2\"", "OutOfRange")]
    [InlineData("quantity", "\"1.\"", "OutOfRange")]
    [InlineData("quantity", "\".5\"", "OutOfRange")]
    [InlineData("quantity", "\"12345678901\"", "TooLong")]
    [InlineData("unit", "\"kg\"", "OutOfRange")]
    [InlineData("unitPriceMinor", "0.5", "WrongType")]
    [InlineData("discountMinor", "\"1\"", "WrongType")]
    [InlineData("isReturn", "1", "WrongType")]
    [InlineData("colour", "1", "UnknownField")]
    public void FieldOfALine_ThatIsWrong_IsNamedWithItsPlace(string field, string value, string code)
    {
        var lines = $"[{Line},{With(Line, field, value)}]";

        AssertFault(With(Pay, "lines", lines), code, $"lines[1].{field}");
    }

    [Theory]
    [InlineData("[1]", "WrongType", "lines[0]")]
    [InlineData("[{}]", "MissingField", "lines[0].id")]
    [InlineData("""[{"id":"1","name":"n","totalMinor":1}]""", "MissingField", "lines[0].taxRate")]
    [InlineData("""[{"id":"1","name":"n","id":"1"}]""", "MalformedJson", "lines[0].id")]
    public void Line_ThatIsNotWhole_IsNamed(string lines, string code, string field) =>
        AssertFault(With(Pay, "lines", lines), code, field);

    [Fact]
    public void Lists_OneLongerThanTheirLimit_AreRefused_AndAtTheLimitRead()
    {
        Assert.Equal(200, ((TillCommand.Pay)Read(With(Pay, "lines", Many(Line, 200))).Command!).Lines!.Count);
        AssertFault(With(Pay, "lines", Many(Line, 201)), "TooLong", "lines");
        AssertFault(With(Pay, "coupons", Many("\"c\"", 51)), "TooLong", "coupons");

        static string Many(string one, int count) => $"[{string.Join(',', Enumerable.Repeat(one, count))}]";
    }

    [Theory]
    [InlineData("""{"session":1,"type":"cancel","saleId":"#"}""", "saleId", 64)]
    [InlineData("""{"session":1,"type":"scan","qr":"#"}""", "qr", 16_384)]
    [InlineData("""{"session":1,"type":"phone","phone":"#"}""", "phone", 32)]
    [InlineData("""{"reference":"#","by":"b","why":"w",""" + Refund, "reference", 64)]
    [InlineData("""{"reference":"r","by":"#","why":"w",""" + Refund, "by", 80)]
    [InlineData("""{"reference":"r","by":"b","why":"#",""" + Refund, "why", 80)]
    public void Text_AtItsLimitIsRead_AndOneLongerRefused(string json, string field, int max)
    {
        Assert.True(Read(json.Replace("#", new string('a', max), StringComparison.Ordinal)).IsCommand);
        AssertFault(json.Replace("#", new string('a', max + 1), StringComparison.Ordinal), "TooLong", field);
    }

    [Fact]
    public void Qr_IsMeasuredInBytes()
    {
        var json = $$"""{"session":1,"type":"scan","qr":"{{new string('å', 8_193)}}"}""";

        AssertFault(json, "TooLong", "qr");
    }

    [Theory]
    [InlineData("""{"session":1,"type":"phone","phone":4712345678}""")]
    [InlineData("""{"session":1,"type":"phone","4712345678":"x"}""")]
    [InlineData("""{"session":1,"type":"phone","phone":"47123456780000000000000000000000000000"}""")]
    [InlineData("""{"session":1,"type":"4712345678","phone":"x"}""")]
    [InlineData("""{"session":1,"type":"phone","phone":"x","saleId":"47 12345678"}""")]
    [InlineData("""{"session":1,"type":"scan","https://qr.example/4712345678":"x"}""")]
    [InlineData("""{"session":1,"type":"phone","phone":"4712345678" ?}""")]
    public void Fault_NeverQuotesAValue(string json)
    {
        var fault = Read(json).Fault!;

        Assert.DoesNotContain("12345678", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_ThatAreNoUtf8_AreMalformed()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"session":1,"type":"scan","qr":"x"}""");
        bytes[Array.IndexOf(bytes, (byte)'x')] = 0xC3;

        Assert.Equal("MalformedJson", CommandReader.Read(new ReadOnlySequence<byte>(bytes)).Fault!.Code);
    }

    [Fact]
    public void Payload_LyingInPieces_IsTheSameCommand()
    {
        var bytes = Encoding.UTF8.GetBytes(With(Pay, "lines", $"[{Line}]"));
        for (var place = 1; place < bytes.Length; place++)
        {
            var result = CommandReader.Read(FrameBytes.Cut(bytes, place));
            Assert.Equal("Brød", ((TillCommand.Pay)result.Command!).Lines![0].Name);
        }
    }

    /// <summary>Real commands with a few bytes changed: one command or one fault, never an exception.</summary>
    [Fact]
    public void AnyBytes_GiveACommandOrOneFault()
    {
        var originals = EveryCommand.All.Select(c => Encoding.UTF8.GetBytes(EveryCommand.Wire(c, 1))).ToArray();
        var edits = Gen.Choose(0, 10_000).Two().ArrayOf();

        Prop.ForAll(Gen.Elements(originals).ToArbitrary(), edits.ToArbitrary(), (original, changes) =>
        {
            var bytes = (byte[])original.Clone();
            foreach (var (place, value) in changes.Take(3)) bytes[place % bytes.Length] = (byte)value;
            var result = CommandReader.Read(new ReadOnlySequence<byte>(bytes));
            return result.IsCommand == (result.Fault is null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    private static string With(string json, string field, string value)
    {
        var start = json.IndexOf($"\"{field}\":", StringComparison.Ordinal);
        if (start < 0) return $"{json[..^1]},\"{field}\":{value}}}";
        start += field.Length + 3;
        var end = json.IndexOfAny([',', '}'], start);
        return json[..start] + value + json[end..];
    }

    private static CommandReadResult Read(string json) =>
        CommandReader.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));

    private static void AssertFault(string json, string code, string field)
    {
        var fault = Read(json).Fault;

        Assert.True(fault is not null, $"was read as a command: {json}");
        Assert.Equal((code, field), (fault.Code, fault.Field));
        Assert.NotEmpty(fault.Message);
    }
}
