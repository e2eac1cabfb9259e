using System.Text;
using ChainCheckout.Protocol;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Protocol;

namespace ChainCheckout.Tests.Gateway;

/// <summary>What a till may get wrong: each has its answer, costs nothing but that, and never leaves for Vipps.</summary>
public sealed class BadCommandTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private const string Pay = "\"type\":\"pay\",\"saleId\":\"sale-1\",\"currency\":\"NOK\"";

    private readonly Shop _shop = fixture.Shop;

    [Theory]
    [InlineData("\"type\":\"dance\"", "UnknownCommand", "type")]
    [InlineData("\"typ\":\"close\"", "MissingField", "type")]
    [InlineData("\"type\":\"close\",\"amount\":1", "UnknownField", null)]
    [InlineData("\"type\":\"close\",\"amountMinor\":1", "UnknownField", "amountMinor")]
    [InlineData("\"type\":\"pay\",\"saleId\":\"s\",\"amountMinor\":1000", "MissingField", "currency")]
    [InlineData(Pay + ",\"amountMinor\":1e3", "WrongType", "amountMinor")]
    [InlineData(Pay + ",\"amountMinor\":1000.0", "WrongType", "amountMinor")]
    [InlineData(Pay + ",\"amountMinor\":\"1000\"", "WrongType", "amountMinor")]
    [InlineData(Pay + ",\"amountMinor\":null", "WrongType", "amountMinor")]
    [InlineData(Pay + ",\"amountMinor\":99999999999999999999", "OutOfRange", "amountMinor")]
    [InlineData(Pay + ",\"amountMinor\":1000,\"amountMinor\":1", "MalformedJson", null)]
    [InlineData("\"type\":\"scan\",\"qr\":[]", "WrongType", "qr")]
    [InlineData("\"type\":\"cancel\",\"saleId\":\"with blank\"", "OutOfRange", "saleId")]
    public async Task ACommandThatCannotBeRead_ConsumesNoNumber(string fields, string code, string? field)
    {
        await using var till = await RawTill.WelcomeAsync(_shop, 1);
        var (ledger, next) = (_shop.Vipps.Ledger.Lines().Count, till.Next());

        var error = await till.CommandAsync(next, fields);

        Assert.Equal((FrameType.Error, code), (error.Header.Type, error["code"]));
        if (field is not null) Assert.Equal(field, error["field"]);
        Assert.Equal("Closed", (await till.CommandAsync(next, "\"type\":\"close\""))["code"]);
        Assert.Equal(ledger, _shop.Vipps.Ledger.Lines().Count);
    }

    [Theory]
    [InlineData("amountMinor\":0", "AmountOutOfRange", "amountMinor")]
    [InlineData("amountMinor\":-1", "AmountOutOfRange", "amountMinor")]
    [InlineData("amountMinor\":99", "AmountOutOfRange", "amountMinor")]
    [InlineData("amountMinor\":65000001", "AmountOutOfRange", "amountMinor")]
    [InlineData("amountMinor\":1000,\"coupons\":[\"c-1\"]", "NotSupported", "coupons")]
    [InlineData("amountMinor\":1000,\"lines\":[{\"id\":\"1\",\"name\":\"a\",\"totalMinor\":999,\"taxRate\":0}]", "LinesDoNotSum", "lines")]
    [InlineData("amountMinor\":1000,\"lines\":[{\"id\":\"1\",\"name\":\"a\",\"totalMinor\":2000,\"taxRate\":0},{\"id\":\"2\",\"name\":\"b\",\"totalMinor\":-1000,\"taxRate\":0}]", "LineInvalid", "lines[1].totalMinor")]
    public async Task APaymentThatCannotBe_IsRefusedByFieldAndConsumesItsNumber(string fields, string code, string field)
    {
        await using var till = await RawTill.WelcomeAsync(_shop, 2);
        await till.CommandAsync(till.Next(), "\"type\":\"phone\",\"phone\":\"91234567\"");
        var ledger = _shop.Vipps.Ledger.Lines().Count;
        var next = till.Next();

        var reply = await till.CommandAsync(next, $"{Pay},\"{fields}");
        var repeated = await till.CommandAsync(next, $"{Pay},\"{fields}");

        Assert.Equal((FrameType.Reply, "refused", code, field), (reply.Header.Type, reply["status"], reply["code"], reply["field"]));
        Assert.Equal(reply.Json, repeated.Json);
        Assert.Equal(ledger, _shop.Vipps.Ledger.Lines().Count);
    }

    [Theory]
    [InlineData("https://qr.example.com/p/abcdef", "QrOtherHost")]
    [InlineData("http://qr.vipps.no/p/abcdef", "QrOtherHost")]
    [InlineData("https://qr.vipps.no.evil.example/p/abcdef", "QrOtherHost")]
    [InlineData("https://qr.vipps.no@evil.example/p/abcdef", "QrOtherHost")]
    [InlineData("https://qr.vipps.no:8443/p/abcdef", "QrOtherHost")]
    [InlineData("4925 0000 0000 0004", "QrCardNumber")]
    [InlineData("%B4925000000000004^NORMANN/OLA^2512", "QrCardNumber")]
    [InlineData("7038010009458", "QrUnreadable")]
    [InlineData("", "QrEmpty")]
    [InlineData("  ", "QrEmpty")]
    public async Task ACodeThatIsNoCustomers_IsRefusedBeforeAnyCall(string qr, string code)
    {
        await using var till = await RawTill.WelcomeAsync(_shop, 3);
        var exchanges = _shop.Exchanges;

        var reply = await till.CommandAsync(till.Next(), $"\"type\":\"scan\",\"qr\":\"{qr}\"");

        Assert.Equal(("refused", code, "qr"), (reply["status"], reply["code"], reply["field"]));
        Assert.DoesNotContain(qr.Trim().Length > 0 ? qr.Trim() : "\u0001", reply.Json, StringComparison.Ordinal);
        Assert.Equal(exchanges, _shop.Exchanges);
    }

    [Theory]
    [InlineData(10_240, FrameType.Reply, "QrTooLong")]
    [InlineData(16_385, FrameType.Error, "TooLong")]
    public async Task ATextThatIsFarTooLong_IsRefused(int characters, FrameType type, string code)
    {
        await using var till = await RawTill.WelcomeAsync(_shop, 4);
        var exchanges = _shop.Exchanges;

        var answer = await till.CommandAsync(till.Next(), $"\"type\":\"scan\",\"qr\":\"https://qr.vipps.no/p/{new string('a', characters - 22)}\"");

        Assert.Equal((type, code), (answer.Header.Type, answer["code"]));
        Assert.Equal(exchanges, _shop.Exchanges);
    }

    [Theory]
    [InlineData("912345")]
    [InlineData("91234567912345678901")]
    [InlineData("nine-one-two")]
    [InlineData("")]
    public async Task ANumberThatIsNoPhones_IsRefused(string phone)
    {
        await using var till = await RawTill.WelcomeAsync(_shop, 5);

        var reply = await till.CommandAsync(till.Next(), $"\"type\":\"phone\",\"phone\":\"{phone}\"");

        Assert.Equal(("refused", "PhoneInvalid", "phone"), (reply["status"], reply["code"], reply["field"]));
    }

    [Theory]
    [InlineData("\"qr\":\"\u0080\"", true)]
    [InlineData("{{{", false)]
    [InlineData("[1]", false)]
    [InlineData("null", false)]
    public async Task WhatIsNotOneJsonObjectInUtf8_IsMalformedJson(string text, bool broken)
    {
        await using var till = await RawTill.WelcomeAsync(_shop, 6);
        var bytes = broken ? [.. "{\"session\":1,\"type\":\"scan\",\"qr\":\""u8, 0xC3, 0x28, .. "\"}"u8] : Encoding.UTF8.GetBytes(text);

        await till.SendBytesAsync(FrameBytes.Of(FrameType.Command, 1, till.Next(), bytes));

        Assert.Equal("MalformedJson", (await till.NextAsync())["code"]);
        Assert.Equal("Closed", (await till.CommandAsync(till.Next(), "\"type\":\"close\""))["code"]);
    }

    [Fact]
    public async Task StaleSessionsGapsAndReuse_ConsumeNothingAndSayWhereNumberingStands()
    {
        await using var till = await RawTill.WelcomeAsync(_shop, 7);
        await till.CommandAsync(1, "\"type\":\"close\"");

        var stale = await till.CommandAsync(2, "\"type\":\"close\"", session: till.Session - 1);
        var gap = await till.CommandAsync(3, "\"type\":\"close\"");
        var reused = await till.CommandAsync(1, "\"type\":\"close\",\"saleId\":\"other\"");
        var next = await till.CommandAsync(2, "\"type\":\"close\"");

        Assert.Equal(("StaleSession", "SequenceGap", "SequenceReused"), (stale["code"], gap["code"], reused["code"]));
        Assert.Equal("1", gap["lastApplied"]);
        Assert.Equal("1", reused["lastApplied"]);
        Assert.Equal(FrameType.Reply, next.Header.Type);
    }

    [Fact]
    public async Task ACommandWithoutAHello_IsNotWelcome()
    {
        await using var raw = await RawTill.ConnectAsync(_shop);

        Assert.Equal("NotWelcome", (await raw.CommandAsync(1, "\"type\":\"close\""))["code"]);
    }
}
