using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Protocol;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Protocol;

namespace ChainCheckout.Tests.Gateway;

[Collection(nameof(Timing))]
public sealed class ConnectionLimitTests(ConnectionLimitTests.Strict fixture) : IClassFixture<ConnectionLimitTests.Strict>
{
    private readonly Shop _shop = fixture.Shop;

    public sealed class Strict : ShopFixture
    {
        private protected override void Change(JsonObject settings)
        {
            var tills = settings["Gateway"]!["Tills"]!;
            tills["HelloTimeout"] = "00:00:00.5";
            tills["Heartbeat"] = "00:00:01";
            tills["IdleTimeout"] = "00:00:02";
            tills["ChannelsPerConnectionMax"] = 3;
            tills["OutboundBytesMax"] = 16_384;
        }
    }

    [Fact]
    public async Task APeerThatSaysNothing_IsCutAfterTheHelloTimeout()
    {
        await using var raw = await RawTill.ConnectAsync(_shop);
        var started = Stopwatch.GetTimestamp();

        Assert.True(await raw.IsCutAsync(TimeSpan.FromSeconds(5)));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.3, 4);
    }

    [Fact]
    public async Task APeerThatPingsButNeverProves_IsCutAllTheSame()
    {
        await using var raw = await RawTill.ConnectAsync(_shop);
        await raw.SendBytesAsync(Convert.FromHexString("000000000401000000000001"));
        await raw.SendAsync(FrameType.Hello, 1, 0, RawTill.HelloOf(1, 1, "pos", TillProof.NewNonce()));

        Assert.True(await raw.IsCutAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task AWelcomeTillThatFallsSilent_IsToldIdleAndThenCut()
    {
        await using var raw = await RawTill.WelcomeAsync(_shop, 2);

        var goodbye = await raw.NextAsync();

        Assert.Equal((FrameType.Goodbye, (ushort)0, "idle"), (goodbye.Header.Type, goodbye.Header.Channel, goodbye["reason"]));
        Assert.True(await raw.IsCutAsync(TimeSpan.FromSeconds(5)));
        await Shop.UntilAsync(() => _shop.Connections == 0, "the connection is forgotten");
    }

    [Fact]
    public async Task ATillThatPings_IsNotCut()
    {
        await using var raw = await RawTill.WelcomeAsync(_shop, 3);

        for (var i = 0u; i < 8; i++)
        {
            await raw.SendBytesAsync(FrameBytes.Of(FrameType.Ping, 0, i, []));
            Assert.Equal(FrameType.Pong, (await raw.NextAsync(0)).Header.Type);
            await Task.Delay(400);
        }
    }

    [Fact]
    public async Task MoreChannelsThanAllowed_AreRefusedAndALeftOneIsFreeAgain()
    {
        await using var raw = await RawTill.WelcomeAsync(_shop, 4);
        Assert.Equal(FrameType.Welcome, (await raw.ShakeAsync(5, _shop.SecretOf(5), channel: 2)).Header.Type);

        // A Hello that is not proven holds its place, until its channel is left.
        await raw.SendAsync(FrameType.Hello, 3, 0, RawTill.HelloOf(1, 6, "pos", TillProof.NewNonce()));
        Assert.Equal(FrameType.Challenge, (await raw.NextAsync(3)).Header.Type);
        var tooMany = await raw.ShakeAsync(7, _shop.SecretOf(7), channel: 4);
        await raw.SendAsync(FrameType.Bye, 3, 0, "");
        var roomAgain = await raw.ShakeAsync(7, _shop.SecretOf(7), channel: 5);

        Assert.Equal("TooManyChannels", tooMany["code"]);
        Assert.Equal(FrameType.Welcome, roomAgain.Header.Type);
    }

    [Fact]
    public async Task APeerThatDoesNotRead_IsCutAndItsNeighbourSells()
    {
        await using var slow = await RawTill.WelcomeAsync(_shop, 8);
        var neighbour = await _shop.TillAsync(9);
        var burst = string.Concat(Enumerable.Repeat(Convert.ToHexString(FrameBytes.Of(FrameType.Command, 1, 1, Encoding.UTF8.GetBytes("{}"))), 1_000));
        var bytes = Convert.FromHexString(burst);
        var cut = false;
        var started = Stopwatch.GetTimestamp();

        while (!cut && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15))
        {
            try
            {
                await slow.SendUnheardAsync(bytes).WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (IOException gone)
            {
                cut = gone.Message.Length > 0;
            }
        }

        Assert.True(cut, "The server goes on taking from a peer that reads nothing.");
        await neighbour.SellsAsync(_shop, "sale-1");
    }
}
