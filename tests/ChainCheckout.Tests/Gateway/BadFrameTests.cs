using System.Buffers.Binary;
using ChainCheckout.Protocol;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Gateway;

public sealed class BadFrameTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private readonly Shop _shop = fixture.Shop;

    [Theory]
    [InlineData("7fffffff 03 01 0001 00000001", "LengthTooLarge")]
    [InlineData("ffffffff 03 01 0001 00000001", "LengthTooLarge")]
    [InlineData("00010001 03 01 0001 00000001", "LengthTooLarge")]
    [InlineData("00000801 01 01 0001 00000000", "LengthTooLarge")]
    [InlineData("00000002 7e 01 0001 00000001", "UnknownType")]
    [InlineData("00000002 03 02 0001 00000001", "WrongVersion")]
    [InlineData("00000000 03 01 0001 00000001", "EmptyPayload")]
    [InlineData("00000002 04 01 0000 00000001", "UnexpectedPayload")]
    [InlineData("47455420 2f 20 4854 54502f31", "LengthTooLarge")]
    public async Task AHeaderThatCannotBeRight_IsNamedAndEndsThatConnectionAlone(string header, string fault)
    {
        await using var neighbour = await RawTill.WelcomeAsync(_shop, 1);
        await using var raw = await RawTill.WelcomeAsync(_shop, 2);

        await raw.SendBytesAsync(Convert.FromHexString(header.Replace(" ", "", StringComparison.Ordinal)));
        var error = await raw.NextAsync();

        Assert.Equal((FrameType.Error, (ushort)0), (error.Header.Type, error.Header.Channel));
        Assert.Equal(("MalformedFrame", fault), (error["code"], error["field"]));
        Assert.True(await raw.IsCutAsync(Soon));
        Assert.Equal(FrameType.Reply, (await neighbour.CommandAsync(neighbour.Next(), "\"type\":\"close\"")).Header.Type);
    }

    [Fact]
    public async Task AStranger_CannotMakeTheServerWaitForMoreThanAHandshake()
    {
        await using var raw = await RawTill.ConnectAsync(_shop);
        var header = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(header, 60_000);
        (header[4], header[5], header[7]) = ((byte)FrameType.Command, 1, 1);

        await raw.SendBytesAsync(header);

        Assert.Equal("LengthTooLarge", (await raw.NextAsync())["field"]);
        Assert.True(await raw.IsCutAsync(Soon));
    }

    [Fact]
    public async Task AHangUpInsideAFrame_LosesThatFrameAlone()
    {
        var raw = await RawTill.WelcomeAsync(_shop, 3);
        var whole = ChainCheckout.Tests.Protocol.FrameBytes.Of(
            FrameType.Command, 1, 1, System.Text.Encoding.UTF8.GetBytes($$"""{"session":{{raw.Session}},"type":"phone","phone":"91234567"}"""));
        await raw.SendBytesAsync([.. whole, .. whole[..20]]);
        Assert.Equal(FrameType.Reply, (await raw.NextAsync()).Header.Type);
        await raw.DisposeAsync();

        await using var again = await RawTill.ConnectAsync(_shop);
        Assert.Equal(1u, (uint)(await again.ShakeAsync(3, _shop.SecretOf(3))).Body["lastApplied"]!);
    }

    [Theory]
    [InlineData(FrameType.Welcome)]
    [InlineData(FrameType.Reply)]
    [InlineData(FrameType.View)]
    public async Task WhatOnlyTheServerSays_IsAnErrorAndNoMore(FrameType type)
    {
        await using var raw = await RawTill.WelcomeAsync(_shop, 4);

        await raw.SendAsync(type, 1, 7, "{}");

        var error = await raw.NextAsync();
        Assert.Equal((FrameType.Error, 7u), (error.Header.Type, error.Header.Sequence));
        await raw.SendBytesAsync(Convert.FromHexString("000000000401000000000009"));
        Assert.Equal((FrameType.Pong, 9u), ((await raw.NextAsync(0)) is var pong ? (pong.Header.Type, pong.Header.Sequence) : default));
    }

    [Fact]
    public async Task OneByteAtATime_IsReadLikeAnythingElse()
    {
        await using var raw = await RawTill.WelcomeAsync(_shop, 5);
        var frame = ChainCheckout.Tests.Protocol.FrameBytes.Of(
            FrameType.Command, 1, 1, System.Text.Encoding.UTF8.GetBytes($$"""{"session":{{raw.Session}},"type":"close"}"""));

        foreach (var one in frame) await raw.SendBytesAsync([one]);

        Assert.Equal("Closed", (await raw.NextAsync())["code"]);
    }
}
