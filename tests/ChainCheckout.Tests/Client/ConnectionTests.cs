using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChainCheckout.Client;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.Client;

[Collection(nameof(Timing))]
public sealed class ConnectionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TillIdentity Identity = new(1, 1, TillRoles.Pos, FakeGateway.Secret);

    private readonly Recorder _recorder = new();

    [Fact]
    public async Task Server_ThatFallsSilent_IsNoticedByTheHeartbeat_AndLeft()
    {
        await using var gateway = new FakeGateway { Limits = new LimitsPayload(65_536, 1, 1) };
        await using var pool = NewPool(gateway, tls: null);
        await using var till = NewTill(pool);
        await till.StartAsync().WaitAsync(Soon);

        gateway.IsDeaf = true;
        for (var i = 0; _recorder.Ends.IsEmpty && i < 500; i++) await Task.Delay(10);
        gateway.IsDeaf = false;
        var reply = await till.SendAsync(new TillCommand.Close()).WaitAsync(Soon);

        Assert.True(reply.IsDone);
        Assert.IsType<IOException>(Assert.IsType<SessionEnd.Cut>(_recorder.Ends.First()).Failure);
        Assert.True(gateway.Connections >= 2);
    }

    [Fact]
    public async Task Gateway_ThatStandsStill_IsNotDialledAgain_WhereThereIsAnother()
    {
        var limits = new LimitsPayload(65_536, 1, 1);
        await using var one = new FakeGateway { Limits = limits };
        await using var other = new FakeGateway { Limits = limits };
        await using var pool = new TillConnectionPool([one.EndPoint, other.EndPoint], new TillConnectionOptions(), TimeProvider.System, new Random(1));
        await using var till = NewTill(pool);
        await till.StartAsync().WaitAsync(Soon);
        var (still, awake) = one.Connections == 1 ? (one, other) : (other, one);

        still.IsDeaf = true;
        var reply = await till.SendAsync(new TillCommand.Close()).WaitAsync(Soon);

        Assert.True(reply.IsDone);
        Assert.Equal((1, 1), (still.Connections, awake.Connections));
    }

    [Fact]
    public async Task Tls_WithAServerThatIsTrusted_CarriesCommands()
    {
        using var certificate = NewCertificate();
        await using var gateway = new FakeGateway { Certificate = certificate };
        var trusting = new SslClientAuthenticationOptions
        {
            TargetHost = "till.test",
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Equals(certificate),
        };
        await using var pool = NewPool(gateway, trusting);
        await using var till = NewTill(pool);
        await till.StartAsync().WaitAsync(Soon);

        var reply = await till.SendAsync(new TillCommand.Close()).WaitAsync(Soon);

        Assert.True(reply.IsDone);
    }

    [Fact]
    public async Task Tls_WithAServerThatIsNotTrusted_SaysNoHello()
    {
        using var certificate = NewCertificate();
        await using var gateway = new FakeGateway { Certificate = certificate };
        await using var pool = NewPool(gateway, new SslClientAuthenticationOptions { TargetHost = "till.test" });
        await using var till = NewTill(pool);

        var starting = till.StartAsync();
        for (var i = 0; _recorder.Ends.IsEmpty && i < 500; i++) await Task.Delay(10);

        Assert.False(starting.IsCompleted);
        Assert.IsType<AuthenticationException>(Assert.IsType<SessionEnd.Cut>(_recorder.Ends.First()).Failure);
        Assert.Empty(gateway.Hellos);
    }

    private static TillConnectionPool NewPool(FakeGateway gateway, SslClientAuthenticationOptions? tls) =>
        new([gateway.EndPoint], new TillConnectionOptions { Tls = tls }, TimeProvider.System, new Random(1));

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=till.test", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private Till NewTill(TillConnectionPool pool) =>
        new(Identity, pool, new TillOptions { Observer = _recorder }, TimeProvider.System, new Random(1));
}
