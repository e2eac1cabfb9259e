using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using ChainCheckout.Vipps;
using ChainCheckout.Vipps.Loyalty;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Resilience;
using ChainCheckout.Vipps.Sending;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Tests.Vipps.Support;

/// <summary>The clients as a program would have them, over a stub or over a real listener.</summary>
internal sealed class VippsSetup : IAsyncDisposable
{
    public const string Secret = "aV3ryS3cretT3xt==";
    public const string SubscriptionKey = "0123456789abcdef0123456789abcdef";
    public const string Phone = "4791234567";
    public static readonly Msn Msn = new("123456");
    public static readonly PaymentReference Reference = PaymentReference.Parse("s42-t7-3-118");

    private readonly ServiceProvider _provider;

    public VippsSetup(string? address = null, Dictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        if (clock is not null) services.AddSingleton(clock);
        services.AddVipps(new ConfigurationBuilder()
            .AddInMemoryCollection(Settings(address ?? "https://vipps.test"))
            .AddInMemoryCollection(settings ?? [])
            .Build());
        services.AddSingleton(provider => new LoyaltyPublisher(
            provider.GetRequiredService<LoyaltyApi>(), provider.GetRequiredService<VippsOptions>(),
            (customer, stop) => Resume(customer, stop), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LoyaltyPublisher>>()));
        if (address is null)
            services.AddSingleton(provider => new VippsTransport(Stub, provider.GetRequiredService<TimeProvider>()));
        _provider = services.BuildServiceProvider();
    }

    public VippsStub Stub { get; } = new();

    public LogLines Log { get; } = new();

    public IPaymentApi Payments => _provider.GetRequiredService<IPaymentApi>();

    public IQrApi Qr => _provider.GetRequiredService<IQrApi>();

    public IWebhookApi Webhooks => _provider.GetRequiredService<IWebhookApi>();

    public ICheckInApi CheckIns => _provider.GetRequiredService<ICheckInApi>();

    public ILoginApi Logins => _provider.GetRequiredService<ILoginApi>();

    public ILoyaltyPublisher Loyalty => _provider.GetRequiredService<ILoyaltyPublisher>();

    public LoyaltyFigures Figures => _provider.GetRequiredService<Func<LoyaltyFigures>>()();

    /// <summary>Tells a customer that the Loyalty API is back.</summary>
    public Func<CustomerId, CancellationToken, ValueTask> Resume { get; set; } = (_, _) => ValueTask.CompletedTask;

    public IWebhookVerifier Verifier => _provider.GetRequiredService<IWebhookVerifier>();

    public IVippsHealth Health => _provider.GetRequiredService<IVippsHealth>();

    public VippsCalls Calls => _provider.GetRequiredService<VippsCalls>();

    public static Dictionary<string, string?> Settings(string address) => new()
    {
        ["Vipps:AccessToken:BaseAddress"] = address,
        ["Vipps:Qr:BaseAddress"] = address,
        ["Vipps:EPayment:BaseAddress"] = address,
        ["Vipps:Webhooks:BaseAddress"] = address,
        ["Vipps:CheckIn:BaseAddress"] = address,
        ["Vipps:Login:BaseAddress"] = address,
        ["Vipps:Loyalty:BaseAddress"] = address,
        ["Vipps:System:PluginName"] = "till",
        ["Vipps:System:PluginVersion"] = "1.2",
        ["Vipps:System:Version"] = "1.0",
        ["Vipps:SalesUnits:0:MerchantSerialNumber"] = Msn.Text,
        ["Vipps:SalesUnits:0:ClientId"] = "b2a9cb2f-4a52-4b79-93e5-9c9ffbc7b0f1",
        ["Vipps:SalesUnits:0:ClientSecret"] = Secret,
        ["Vipps:SalesUnits:0:SubscriptionKey"] = SubscriptionKey,
    };

    public static Msisdn Customer(string digits = Phone) =>
        Msisdn.TryParse(digits, out var phone) ? phone : throw new InvalidOperationException();

    public static CreatePayment Create(params OrderLine[] lines) =>
        new(Msn, Reference, "create-1", Customer(), new Money(24_950, Currency.NOK), "Store 42, till 7", [.. lines],
            null);

    public static ChangePayment Change(long minor = 24_950) =>
        new(Msn, Reference, "change-1", new Money(minor, Currency.NOK));

    public static ReadPayment Read(bool poll = false) => new(Msn, Reference, poll);

    /// <summary>A payment's answer with the given state and captured sum.</summary>
    public static string Payment(string state = "AUTHORIZED", long captured = 0, string currency = "NOK") => $$$"""
        {"reference":"s42-t7-3-118","state":"{{{state}}}","amount":{"currency":"{{{currency}}}","value":24950},
         "aggregate":{"authorizedAmount":{"currency":"{{{currency}}}","value":24950},
           "capturedAmount":{"currency":"{{{currency}}}","value":{{{captured}}}},
           "refundedAmount":{"currency":"{{{currency}}}","value":0},"cancelledAmount":{"currency":"{{{currency}}}","value":0}},
         "paymentMethod":{"type":"WALLET"},"profile":{},"pspReference":"37c3",
         "captureGuaranteedUntil":"2026-10-27T07:53:44.812+00:00"}
        """;

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
