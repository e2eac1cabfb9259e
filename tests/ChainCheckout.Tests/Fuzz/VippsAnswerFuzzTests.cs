using System.Collections.Immutable;
using System.Net;
using System.Text;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;
using ChainCheckout.Vipps;
using ChainCheckout.Vipps.AccessToken;
using ChainCheckout.Vipps.Sending;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Fuzz;

/// <summary>
/// Every client of Vipps, answered with bytes of which nothing is sure. Each answer is an outcome; only the caller's own
/// cancellation is an exception.
/// </summary>
public sealed class VippsAnswerFuzzTests(ITestOutputHelper output)
{
    private const string Discovered = """
        {"issuer":"https://vipps.test/","token_endpoint":"https://vipps.test/token",
         "backchannel_authentication_endpoint":"https://vipps.test/ciba","userinfo_endpoint":"https://vipps.test/userinfo"}
        """;

    private const string Granted = """
        {"access_token":"at-1","token_type":"Bearer","expires_in":300,"id_token":"e30.eyJ1cm46b3BlbmlkOnBhcmFtczpqd3Q6Y2xhaW06YXV0aF9yZXFfaWQiOiJyZXEtMSJ9.e30"}
        """;

    private const string Somebody = """
        {"sub":"c06c4afe-d9e1-4c5d-939a-177d752a0944","phone_number":"4791234567","given_name":"Kari",
         "delegatedConsents":{"consents":[{"id":"email","accepted":true},{"id":"sms","accepted":false}]},
         "flowResult":{"screens":[{"elements":[{"id":"postal","checked":true}]}]}}
        """;

    private static readonly string[] Faults =
    [
        """{"type":"https://vipps.test","title":"Bad","status":400,"detail":"4791234567","traceId":"t-1","extraDetails":[{"name":"amount","reason":"6060"}]}""",
        """{"title":"Bad","invalidParams":[{"name":"phone","reason":"wrong"}],"errorCode":"4150"}""",
        """[{"errorGroup":"Payments","errorCode":"51","errorMessage":"cannot","contextId":"c"}]""",
        """{"responseInfo":{"responseCode":401,"responseMessage":"no"},"result":{"message":"(ErrorCode) no"}}""",
        """{"statusCode":429,"message":"Rate limit is exceeded."}""",
        """{"error":"authorization_pending","error_description":"wait","error_code":"old_app"}""",
        "<html><body>gone</body></html>",
    ];

    private static readonly Secret Asked = new("req-1");

    public static TheoryData<string> Clients => new(Calls.Keys);

    private static readonly Dictionary<string, (string[] Good, Func<Subject, Task<object>> Ask)> Calls = new()
    {
        ["create"] = (["""{"redirectUrl":"https://x","reference":"s42-t7-3-118"}"""], async s => await s.Payments.CreateAsync(VippsSetup.Create(), default)),
        ["read"] = ([VippsSetup.Payment()], async s => Sane(await s.Payments.ReadAsync(VippsSetup.Read(), default))),
        ["capture"] = ([VippsSetup.Payment(captured: 24_950)], async s => await s.Payments.CaptureAsync(VippsSetup.Change(), default)),
        ["cancel"] = ([VippsSetup.Payment("TERMINATED")], async s => await s.Payments.CancelAsync(VippsSetup.Change(), default)),
        ["refund"] = ([VippsSetup.Payment(captured: 24_950)], async s => await s.Payments.RefundAsync(VippsSetup.Change(100), default)),
        ["events"] =
        (
            ["""[{"name":"CAPTURED","pspReference":"1","amount":{"currency":"NOK","value":100},"timestamp":"2026-01-01T00:00:00Z","idempotencyKey":"k","success":true}]"""],
            async s => await s.Payments.EventsAsync(VippsSetup.Read(), default)
        ),
        ["exchange"] = (["""{"msisdn":"4791234567","version":"2.0","timestamp":1760000000}"""], async s => await s.Qr.ExchangeAsync(VippsSetup.Msn, Code(), default)),
        ["webhooks"] =
        (
            ["""{"webhooks":[{"id":"497f6eca-6276-4993-bfeb-53cbbbba6f08","url":"https://a.b/c","events":["epayments.payment.captured.v1"]}]}"""],
            async s => await s.Webhooks.ListAsync(VippsSetup.Msn, default)
        ),
        ["register"] =
        (
            ["""{"id":"497f6eca-6276-4993-bfeb-53cbbbba6f08","secret":"c2VjcmV0"}"""],
            async s => await s.Webhooks.RegisterAsync(VippsSetup.Msn, "https://a.b/c", ["epayments.payment.captured.v1"], default)
        ),
        ["checkIn"] = (["\"3f0c2d1e\""], async s => await s.CheckIns.CheckInAsync(new CheckIn(VippsSetup.Msn, VippsSetup.Customer(), true), default)),
        ["userExists"] = (["""{"exists":true}"""], async s => await s.Logins.UserExistsAsync(VippsSetup.Msn, VippsSetup.Customer(), default)),
        ["login"] =
        (
            ["""{"auth_req_id":"req-1","expires_in":"300","interval":5}"""],
            async s => await s.Logins.RequestAsync(new RequestLogin(VippsSetup.Msn, VippsSetup.Customer(), "ABC-123", TimeSpan.FromMinutes(5)), default)
        ),
        ["loginToken"] = ([Granted], async s => await s.Logins.ExchangeAsync(VippsSetup.Msn, Asked, default)),
        ["userInfo"] = ([Somebody], async s => await s.Logins.UserInfoAsync(VippsSetup.Msn, new Secret("at-1"), default)),
        ["loyalty"] = (["", "{}"], async s => await s.Publisher.PublishAsync(
            new CustomerId("c1"), new LoyaltyEvent(VippsSetup.Msn, "e-1", DateTimeOffset.UnixEpoch, "m-1", VippsSetup.Customer(), new LoyaltyContent.MemberDeleted()), default)),
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Answer_OfAnyBytes_IsAnOutcome(string name)
    {
        var (good, ask) = Calls[name];
        var count = Fuzzing.VippsAnswers / 2 / Calls.Count;
        await using var subject = new Subject();
        var mutator = new Mutator(name.Length, [.. good.Concat(Faults).Select(Encoding.UTF8.GetBytes)]);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);

        await Fuzzing.RunAsync(mutator, count, async bytes =>
        {
            subject.Answer = ((HttpStatusCode)(mutator.Below(5) switch { 0 => 400, 1 => 409, _ => 200 }), bytes);
            var kind = (await ask(subject)).GetType().Name;
            outcomes[kind] = outcomes.GetValueOrDefault(kind) + 1;
        });

        output.WriteLine($"{count} answers to {name}: {string.Join(", ", outcomes)}");
        Assert.Equal(count, outcomes.Values.Sum());
    }

    [Fact]
    public async Task DiscoveryDocument_OfAnyBytes_LeavesTheLoginAnOutcome()
    {
        var mutator = new Mutator(6, [Encoding.UTF8.GetBytes(Discovered)]);
        await Fuzzing.RunAsync(mutator, Fuzzing.VippsAnswers / 40, async bytes =>
        {
            await using var subject = new Subject { Discovery = bytes, Answer = (HttpStatusCode.OK, "{}"u8.ToArray()) };
            Assert.NotNull(await Calls["login"].Ask(subject));
        });
    }

    [Fact]
    public void Fault_OfAnyBytes_HasItsStatus_AndNoNumberInIt()
    {
        var mutator = new Mutator(7, [.. Faults.Select(Encoding.UTF8.GetBytes)]);
        Fuzzing.Run(mutator, Fuzzing.VippsAnswers * 3 / 10, bytes =>
        {
            var fault = FaultReader.Read(400 + mutator.Below(200), bytes);

            Assert.InRange(fault.Status, 400, 599);
            Assert.DoesNotContain("4791234567", fault.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void AccessToken_OfAnyBytes_IsOneThatAHeaderCanCarry_OrNone()
    {
        var mutator = new Mutator(8, ["""{"token_type":"Bearer","expires_in":"3600","access_token":"eyJ0.eyJh.c2ln"}"""u8.ToArray()]);
        Fuzzing.Run(mutator, Fuzzing.VippsAnswers * 2 / 10, bytes =>
        {
            if (AccessTokenAnswer.Read(bytes) is not { } read) return;
            Assert.True(read.Token.All(c => c is >= '!' and <= '~') && read.Life > TimeSpan.Zero && read.Life <= TimeSpan.FromDays(7));
        });
    }

    private static object Sane(VippsResult<PaymentRead?> read)
    {
        if (read is VippsResult<PaymentRead?>.Ok { Value: { } payment })
            Assert.True(payment is { Amount.Minor: >= 0, AuthorizedMinor: >= 0, CapturedMinor: >= 0, RefundedMinor: >= 0, CancelledMinor: >= 0 });
        return read;
    }

    private static QrText Code() => QrText.TryParse("https://qr.vipps.no/p/abc", out var code) == QrRefusal.None ? code : default;

    /// <summary>The clients as a program has them, over a handler that says what it is told to.</summary>
    private sealed class Subject : HttpMessageHandler, IAsyncDisposable
    {
        private readonly ServiceProvider _provider;

        public Subject()
        {
            var services = new ServiceCollection();
            services.AddVipps(new ConfigurationBuilder().AddInMemoryCollection(VippsSetup.Settings("https://vipps.test")).Build());
            services.AddSingleton(provider => new VippsTransport(this, provider.GetRequiredService<TimeProvider>()));
            _provider = services.BuildServiceProvider();
        }

        public (HttpStatusCode Status, byte[] Body) Answer { get; set; }

        public byte[] Discovery { get; set; } = Encoding.UTF8.GetBytes(Discovered);

        public IPaymentApi Payments => _provider.GetRequiredService<IPaymentApi>();

        public IQrApi Qr => _provider.GetRequiredService<IQrApi>();

        public IWebhookApi Webhooks => _provider.GetRequiredService<IWebhookApi>();

        public ICheckInApi CheckIns => _provider.GetRequiredService<ICheckInApi>();

        public ILoginApi Logins => _provider.GetRequiredService<ILoginApi>();

        public ILoyaltyPublisher Publisher => _provider.GetRequiredService<ILoyaltyPublisher>();

        public ValueTask DisposeAsync() => _provider.DisposeAsync();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var (status, body) = path switch
            {
                "/accesstoken/get" => (HttpStatusCode.OK, """{"access_token":"token","expires_in":"3600"}"""u8.ToArray()),
                _ when path.EndsWith("openid-configuration", StringComparison.Ordinal) => (HttpStatusCode.OK, Discovery),
                _ => Answer,
            };
            return Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(body) });
        }
    }
}
