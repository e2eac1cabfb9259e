using ChainCheckout.Core.Customers;
using ChainCheckout.Vipps.AccessToken;
using ChainCheckout.Vipps.CheckIn;
using ChainCheckout.Vipps.EPayment;
using ChainCheckout.Vipps.Login;
using ChainCheckout.Vipps.Loyalty;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Qr;
using ChainCheckout.Vipps.Resilience;
using ChainCheckout.Vipps.Sending;
using ChainCheckout.Vipps.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChainCheckout.Vipps;

public static class VippsRegistration
{
    /// <summary>
    /// Adds <see cref="IPaymentApi"/>, <see cref="IQrApi"/>, <see cref="IWebhookApi"/>, <see cref="ICheckInApi"/>,
    /// <see cref="ILoginApi"/>, <see cref="ILoyaltyPublisher"/>, <see cref="IVippsHealth"/> and
    /// <see cref="VippsCalls"/> as singletons, and <see cref="LoyaltyFigures"/> for whoever asks. The host adds
    /// <see cref="IActors"/>: customers are told through it that the Loyalty API is back. Wrong settings stop the start,
    /// all of them named at once.
    /// </summary>
    /// <param name="configuration">The root; its section <c>Vipps</c> is read.</param>
    public static IServiceCollection AddVipps(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<VippsOptions>().Bind(configuration.GetSection(VippsOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VippsOptions>, VippsOptionsRules>());
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton(provider => provider.GetRequiredService<IOptions<VippsOptions>>().Value);
        services.AddSingleton(provider => VippsTransport.Create(
            provider.GetRequiredService<VippsOptions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<VippsCalls>();
        services.AddSingleton<RequestHeaders>();
        services.AddSingleton(provider => new SalesUnits(
            provider.GetRequiredService<VippsOptions>(),
            provider.GetRequiredService<RequestHeaders>(),
            provider.GetRequiredService<VippsTransport>(),
            provider.GetRequiredService<VippsCalls>(),
            provider.GetRequiredService<TimeProvider>(),
            new Random(),
            provider.GetRequiredService<ILogger<AccessTokens>>()));
        services.AddSingleton<Breakers>();
        services.AddSingleton<IVippsHealth>(provider => provider.GetRequiredService<Breakers>());
        services.AddSingleton<PollBudget>();
        services.AddSingleton<CallsInFlight>();
        services.AddSingleton<VippsSender>();

        services.AddSingleton<IPaymentApi, PaymentApi>();
        services.AddSingleton<IQrApi, QrApi>();
        services.AddSingleton<IWebhookApi, WebhookApi>();
        services.AddSingleton<IWebhookVerifier, WebhookVerifier>();
        services.AddSingleton<ICheckInApi, CheckInApi>();
        services.AddSingleton<Discovery>();
        services.AddSingleton<ILoginApi, LoginApi>();
        services.AddSingleton<LoyaltyApi>();
        services.AddSingleton(provider => new LoyaltyPublisher(
            provider.GetRequiredService<LoyaltyApi>(),
            provider.GetRequiredService<VippsOptions>(),
            async (customer, stop) => await provider.GetRequiredService<IActors>()
                .SendAsync(customer, CustomerMessage.Resume.Instance, stop),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LoyaltyPublisher>>()));
        services.AddSingleton<ILoyaltyPublisher>(provider => provider.GetRequiredService<LoyaltyPublisher>());
        services.AddSingleton<Func<LoyaltyFigures>>(
            provider => () => provider.GetRequiredService<LoyaltyPublisher>().Figures);
        return services;
    }
}
