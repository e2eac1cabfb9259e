using System.Text;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway;
using ChainCheckout.Gateway.Webhooks;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Gateway;
using ChainCheckout.Tests.Tills;
using ChainCheckout.Vipps.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Fuzz;

public sealed class WebhookFuzzTests(ITestOutputHelper output)
{
    private const string Address = "https://checkout.test/vipps/webhooks/123456";

    private static readonly Secret Key = new("c2VjcmV0IG9mIHRoZSB0ZXN0cw==");

    private static readonly byte[][] Bodies =
    [
        Encoding.UTF8.GetBytes(SignedWebhook.Body("s1-t1-1-2", "AUTHORIZED")),
        Encoding.UTF8.GetBytes(SignedWebhook.Body("webshop-order_4711", "epayments.payment.captured.v1", ",\"x\":[1,{\"y\":null}]")),
        """{"auth_req_id":"VYGaHCr3hKqH2vHVyA4AHjvGSS1p"}"""u8.ToArray(),
        """{"msn":"123456","payload":{"x":[1],"phoneNumber":"+4791234567"}}"""u8.ToArray(),
        """{"msisdn":4791234567}"""u8.ToArray(),
        """{"eventType":"user.checked-in.v1"}"""u8.ToArray(),
    ];

    [Fact]
    public async Task Body_OfAnyBytes_Signed_IsTakenIn()
    {
        var (actors, endpoint) = Endpoint();
        await Fuzzing.RunAsync(new Mutator(9, Bodies), Fuzzing.Webhooks / 4, async bytes =>
            Assert.Equal(bytes.Length > MaxBytes ? 413 : 200, await PostAsync(endpoint, bytes, Sign(bytes))));

        output.WriteLine($"{Fuzzing.Webhooks / 4} signed bodies, {actors.Told} hints handed over, {actors.Seeded} of them of members");
        Assert.True(actors.Told > actors.Seeded && actors.Seeded > 0);
    }

    [Fact]
    public async Task Body_AlteredAfterItWasSigned_IsA401AndTellsNobody()
    {
        var (actors, endpoint) = Endpoint();
        var mutator = new Mutator(10, Bodies);
        await Fuzzing.RunAsync(mutator, Fuzzing.Webhooks / 4, async bytes =>
        {
            var signed = Bodies[mutator.Below(Bodies.Length)];
            if (bytes.AsSpan().SequenceEqual(signed)) return;
            Assert.Equal(bytes.Length > MaxBytes ? 413 : 401, await PostAsync(endpoint, bytes, Sign(signed)));
        });

        Assert.Equal(0, actors.Told);
    }

    [Fact]
    public void Headers_OfAnyText_AreJudgedWithoutAnException_AndSeldomGood()
    {
        var body = Bodies[0];
        var good = Sign(body);
        var texts = new[] { good.XMsDate, good.XMsContentSha256, good.Authorization };
        var mutator = new Mutator(11, [.. texts.Select(Encoding.Latin1.GetBytes)]);
        var genuine = 0;
        Fuzzing.Run(mutator, Fuzzing.Webhooks / 2, bytes =>
        {
            var headers = (string[])[.. texts];
            headers[mutator.Below(3)] = Encoding.Latin1.GetString(bytes);
            var verdict = WebhookSignature.Verify(
                body, "POST", new Uri(Address).PathAndQuery, "checkout.test", headers[0], headers[1], headers[2], Key);

            if (verdict == WebhookVerdict.Genuine) genuine++;
        });

        // What is left of a header whose only change was a blank, or the case of a name.
        output.WriteLine($"{Fuzzing.Webhooks / 2} headers, {genuine} still genuine");
        Assert.InRange(genuine, 0, Fuzzing.Webhooks / 20);
    }

    private static int MaxBytes => new WebhookListenerOptions().BodyBytesMax;

    private static (ToldActors Actors, WebhookEndpoint Endpoint) Endpoint()
    {
        var actors = new ToldActors();
        return (actors, new WebhookEndpoint(
            actors, new WebhookSecrets(actors, TimeProvider.System), new WebhookVerifier(), new GatewayOptions(), TimeProvider.System,
            new HashSet<Msn> { new(Shop.Msn) }, TillAlphabet.Secret, NullLogger<WebhookEndpoint>.Instance));
    }

    private static WebhookHeaders Sign(byte[] body) =>
        WebhookSignature.Sign(body, "POST", new Uri(Address).PathAndQuery, "checkout.test", DateTimeOffset.UnixEpoch, Key);

    private static async Task<int> PostAsync(WebhookEndpoint endpoint, byte[] body, WebhookHeaders headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = new Uri(Address).AbsolutePath;
        context.Request.Body = new MemoryStream(body);
        context.Request.Headers["x-ms-date"] = headers.XMsDate;
        context.Request.Headers["x-ms-content-sha256"] = headers.XMsContentSha256;
        context.Request.Headers.Authorization = headers.Authorization;
        await endpoint.HandleAsync(context);
        return context.Response.StatusCode;
    }

    /// <summary>Knows one registration, and counts who is told anything else.</summary>
    private sealed class ToldActors : IActors
    {
        public int Told { get; private set; }

        public int Seeded { get; private set; }

        public ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation = default)
        {
            Told++;
            return ValueTask.FromResult<PaymentReply>(new PaymentReply.UnheardOf());
        }

        public ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation = default)
        {
            Told++;
            return ValueTask.FromResult<LoginReply>(new LoginReply.Noted(false));
        }

        public ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation = default)
        {
            if (message is SalesUnitMessage.Park parked)
            {
                Assert.All(parked.Reference, c => Assert.True(char.IsAsciiLetterOrDigit(c) || c == '-'));
                Told++;
            }

            return ValueTask.FromResult<SalesUnitReply>(new SalesUnitReply.Hooks([new Hook("h1", Address, Key)], Settled: true));
        }

        public ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation = default)
        {
            Assert.IsType<CustomerMessage.Seed>(message);
            Told++;
            Seeded++;
            return ValueTask.FromResult<CustomerReply>(new CustomerReply.Done());
        }

        public ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
