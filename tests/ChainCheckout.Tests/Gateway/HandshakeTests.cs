using System.Text;
using ChainCheckout.Client;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Protocol;

namespace ChainCheckout.Tests.Gateway;

[Collection(nameof(Timing))]
public sealed class HandshakeTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private readonly Shop _shop = fixture.Shop;

    [Theory]
    [InlineData(1, 41, "UnknownTill")]
    [InlineData(2, 1, "UnknownTill")]
    [InlineData(0, 1, "UnknownTill")]
    [InlineData(-1, 1, "UnknownTill")]
    [InlineData(1, 100, "UnknownTill")]
    [InlineData(10_000, 1, "UnknownTill")]
    public async Task ATillThatIsNotRegistered_IsUnknown(int store, int till, string code)
    {
        await using var raw = await RawTill.ConnectAsync(_shop);

        Assert.Equal(code, (await raw.ShakeAsync(till, _shop.SecretOf(1), store: store))["code"]);
    }

    [Fact]
    public async Task AnothersSecret_IsAWrongCredential()
    {
        await using var raw = await RawTill.ConnectAsync(_shop);

        Assert.Equal("WrongCredential", (await raw.ShakeAsync(1, _shop.SecretOf(2)))["code"]);
        Assert.Equal("WrongCredential", (await raw.ShakeAsync(1, _shop.SecretOf(1, TillRoles.Scanner)))["code"]);
        Assert.Equal("WrongCredential", (await raw.ShakeAsync(1, _shop.SecretOf(1), TillRoles.Scanner))["code"]);
        Assert.Equal(FrameType.Welcome, (await raw.ShakeAsync(1, _shop.SecretOf(1))).Header.Type);
    }

    [Theory]
    [InlineData("""{"store":1,"till":1,"role":"cashier","versions":[1],"lastEpoch":0,"lastAnswered":0,"nonce":"AAECAwQFBgcICQoLDA0ODw=="}""", "WrongRole")]
    [InlineData("""{"store":1,"till":1,"role":"pos","versions":[2,3],"lastEpoch":0,"lastAnswered":0,"nonce":"AAECAwQFBgcICQoLDA0ODw=="}""", "VersionNotSupported")]
    [InlineData("""{"store":1,"till":1,"role":"pos","versions":[],"lastEpoch":0,"lastAnswered":0,"nonce":"AAECAwQFBgcICQoLDA0ODw=="}""", "VersionNotSupported")]
    [InlineData("""{"store":1,"till":1,"role":"pos","versions":null,"lastEpoch":0,"lastAnswered":0,"nonce":"AAECAwQFBgcICQoLDA0ODw=="}""", "MalformedJson")]
    [InlineData("""{"store":1,"till":1,"role":"pos","versions":[1],"lastEpoch":-1,"lastAnswered":0,"nonce":"AAECAwQFBgcICQoLDA0ODw=="}""", "MalformedJson")]
    [InlineData("""{"store":1,"till":1,"role":"pos","versions":[1],"lastEpoch":0,"nonce":"AAECAwQFBgcICQoLDA0ODw=="}""", "MalformedJson")]
    [InlineData("""{"store":1,"till":1,"role":"pos","versions":[1],"lastEpoch":0,"lastAnswered":0,"nonce":"short"}""", "WrongType")]
    [InlineData("""{"store":1,"till":1,"role":"pos","versions":[1],"lastEpoch":9999999,"lastAnswered":0,"nonce":"AAECAwQFBgcICQoLDA0ODw=="}""", null)]
    [InlineData("nonsense", "MalformedJson")]
    public async Task AHelloThatCannotBe_IsToldWhy(string hello, string? code)
    {
        await using var raw = await RawTill.ConnectAsync(_shop);

        await raw.SendAsync(FrameType.Hello, 1, 0, hello);
        var answer = await raw.NextAsync();

        Assert.Equal(code, code is null ? null : answer["code"]);
        Assert.Equal(code is null ? FrameType.Challenge : FrameType.Error, answer.Header.Type);
    }

    [Fact]
    public async Task AHelloThatCannotBeRead_EndsAStrangersConnection_AndTheNextOfAThousandIsNotLookedAt()
    {
        await using var raw = await RawTill.ConnectAsync(_shop);
        var broken = FrameBytes.Of(FrameType.Hello, 1, 0, "{\"store\":"u8);

        await raw.SendBytesAsync([.. Enumerable.Repeat(broken, 1_000).SelectMany(bytes => bytes)]);
        var answer = await raw.NextAsync();

        Assert.Equal("MalformedJson", answer["code"]);
        Assert.Null(await raw.AnyAsync(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task AnEpochAtTheEndOfItsRange_IsRefusedAfterTheProofAndMintsNothing()
    {
        await using var raw = await RawTill.ConnectAsync(_shop);

        Assert.Equal("OutOfRange", (await raw.ShakeAsync(30, _shop.SecretOf(30), lastEpoch: 9_999_999))["code"]);
        Assert.Equal(1u, (uint)(await raw.ShakeAsync(30, _shop.SecretOf(30))).Body["epoch"]!);
    }

    [Theory]
    [InlineData("""{"proof":null}""")]
    [InlineData("""{"proof":""}""")]
    [InlineData("""{"proof":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""")]
    [InlineData("nonsense")]
    public async Task AProofThatIsNone_OpensNothing(string proof)
    {
        await using var raw = await RawTill.ConnectAsync(_shop);
        await raw.SendAsync(FrameType.Hello, 1, 0, RawTill.HelloOf(1, 1, "pos", TillProof.NewNonce()));
        Assert.Equal(FrameType.Challenge, (await raw.NextAsync()).Header.Type);

        await raw.SendAsync(FrameType.Proof, 1, 0, proof);

        Assert.Contains((await raw.NextAsync())["code"], new[] { "WrongCredential", "NotWelcome" });
        Assert.Equal("NotWelcome", (await raw.CommandAsync(1, "\"type\":\"close\"", session: 1))["code"]);
    }

    [Fact]
    public async Task ARecordedHandshake_IsOfNoUseOnAnotherConnection()
    {
        await using var genuine = await RawTill.WelcomeAsync(_shop, 2);
        await using var thief = await RawTill.ConnectAsync(_shop);

        await thief.SendBytesAsync(genuine.Sent[0]);
        Assert.Equal(FrameType.Challenge, (await thief.NextAsync()).Header.Type);
        await thief.SendBytesAsync(genuine.Sent[1]);

        Assert.Equal("WrongCredential", (await thief.NextAsync())["code"]);
        Assert.Equal(FrameType.Reply, (await genuine.CommandAsync(1, "\"type\":\"close\"")).Header.Type);
    }

    [Fact]
    public async Task TheNewestConnectionOfATill_Wins()
    {
        await using var old = await RawTill.WelcomeAsync(_shop, 3);
        await using var fresh = await RawTill.WelcomeAsync(_shop, 3);

        var goodbye = await old.NextAsync();
        var stale = await old.CommandAsync(1, "\"type\":\"close\"");
        var welcome = await fresh.CommandAsync(1, "\"type\":\"close\"");

        Assert.Equal((FrameType.Goodbye, (ushort)1, "replaced"), (goodbye.Header.Type, goodbye.Header.Channel, goodbye["reason"]));
        Assert.Contains(stale["code"], new[] { "NotWelcome", "StaleSession" });
        Assert.Equal(FrameType.Reply, welcome.Header.Type);
    }

    [Fact]
    public async Task TheTwoRolesOfATill_DoNotReplaceEachOther()
    {
        await using var pos = await RawTill.WelcomeAsync(_shop, 4);
        await using var scanner = await RawTill.WelcomeAsync(_shop, 4, TillRoles.Scanner);

        Assert.Equal(FrameType.Reply, (await pos.CommandAsync(1, "\"type\":\"close\"")).Header.Type);
        Assert.Equal("NotAllowedForScanner", (await scanner.CommandAsync(1, "\"type\":\"close\""))["code"]);
    }

    [Fact]
    public async Task AChannel_CarriesOneTillAndTheConnectionsOwnNone()
    {
        await using var raw = await RawTill.WelcomeAsync(_shop, 5);

        Assert.Equal("ChannelInUse", (await raw.ShakeAsync(6, _shop.SecretOf(6)))["code"]);
        Assert.Equal("ChannelInUse", (await raw.ShakeAsync(6, _shop.SecretOf(6), channel: 0))["code"]);
        Assert.Equal(FrameType.Welcome, (await raw.ShakeAsync(6, _shop.SecretOf(6), channel: 65_535)).Header.Type);
        Assert.Equal(FrameType.Reply, (await raw.CommandAsync(1, "\"type\":\"close\"", channel: 65_535)).Header.Type);
    }

    [Fact]
    public async Task ATillThatSaysBye_LeavesItsChannelToAnother()
    {
        await using var raw = await RawTill.WelcomeAsync(_shop, 7);

        await raw.SendAsync(FrameType.Bye, 1, 0, "");

        Assert.Equal("NotWelcome", (await raw.CommandAsync(1, "\"type\":\"close\""))["code"]);
        Assert.Equal(FrameType.Welcome, (await raw.ShakeAsync(8, _shop.SecretOf(8))).Header.Type);
    }

    [Fact]
    public async Task ManyHellosOfOneTillAtOnce_LeaveTheNewestSessionInCharge()
    {
        var raws = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RawTill.WelcomeAsync(_shop, 9)));
        var newest = raws.MaxBy(raw => raw.Session)!;

        foreach (var other in raws.Where(raw => raw != newest)) Assert.Equal("replaced", (await other.NextAsync())["reason"]);
        var reply = await newest.CommandAsync(newest.Next(), "\"type\":\"close\"");

        Assert.Equal(FrameType.Reply, reply.Header.Type);
        foreach (var raw in raws) await raw.DisposeAsync();
    }

    [Fact]
    public async Task AWrongCredential_StopsTheClientAndNamesNoSecret()
    {
        var identity = new TillIdentity(1, 10, TillRoles.Pos, _shop.SecretOf(11));
        await using var till = new Till(
            identity, [new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, _shop.TillPort)], new TillOptions(), TimeProvider.System, new Random(1));

        var refused = await Assert.ThrowsAsync<TillRefusedException>(() => till.StartAsync().WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Equal("WrongCredential", refused.Error.Code);
        Assert.DoesNotContain(identity.Secret, refused.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => till.SendAsync(new TillCommand.Close()).WaitAsync(TimeSpan.FromSeconds(5)));
    }
}
