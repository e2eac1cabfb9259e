using ChainCheckout.Tests.Vipps.Support;
using ChainCheckout.Vipps;
using ChainCheckout.Vipps.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChainCheckout.Tests.Vipps;

public sealed class OptionsTests
{
    private const string Canary = "canary secret";

    private const string LongName =
        "A club whose name is so long that nobody who has ever joined it can say it in one breath without a pause";

    [Fact]
    public void Settings_ThatAreWhole_AreTaken()
    {
        var options = Bind(VippsSetup.Settings("http://127.0.0.1:5000/base/"));

        Assert.Equal(200, options.PollsPerSecondMax);
        Assert.Equal(256, options.CallsInFlightMax);
        Assert.Equal(TimeSpan.FromSeconds(8), options.CallTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), options.Qr.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(2), options.CheckIn.Timeout);
        Assert.Equal("openid name phoneNumber delegatedConsents", options.Login.Scope);
        Assert.False(options.Login.LegacyHint);
        Assert.Equal("online_and_in_store", options.Loyalty.RedemptionType);
        Assert.False(options.Loyalty.SendStampCards);
        Assert.Equal(32, options.Loyalty.ParallelMax);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Loyalty.AwayRetry);
        Assert.False(options.SalesUnits[0].CheckIn);
        Assert.InRange(new SystemOptions().Version.Length, 1, 30);
    }

    [Theory]
    [InlineData("Vipps:AccessToken:BaseAddress", null)]
    [InlineData("Vipps:Qr:BaseAddress", null)]
    [InlineData("Vipps:EPayment:BaseAddress", "api.vipps.no")]
    [InlineData("Vipps:EPayment:BaseAddress", "ftp://api.vipps.no")]
    [InlineData("Vipps:EPayment:BaseAddress", "http://api.vipps.no")]
    [InlineData("Vipps:Webhooks:BaseAddress", "https://api.vipps.no?x=1")]
    [InlineData("Vipps:Webhooks:BaseAddress", "https://user:pass@api.vipps.no")]
    [InlineData("Vipps:CheckIn:BaseAddress", "http://api.vipps.no")]
    [InlineData("Vipps:CheckIn:Timeout", "00:00:00")]
    [InlineData("Vipps:Login:BaseAddress", "http://api.vipps.no")]
    [InlineData("Vipps:Login:Scope", "openid name")]
    [InlineData("Vipps:Login:Scope", "phoneNumber name")]
    [InlineData("Vipps:Login:Scope", "")]
    [InlineData("Vipps:Loyalty:BaseAddress", "ftp://api.vipps.no")]
    [InlineData("Vipps:Loyalty:MerchantSerialNumber", "999999")]
    [InlineData("Vipps:Loyalty:ParallelMax", "0")]
    [InlineData("Vipps:Loyalty:AwayRetry", "00:00:00")]
    [InlineData("Vipps:Loyalty:RedemptionType", "")]
    [InlineData("Vipps:SalesUnits:0:LoyaltyProgramName", LongName)]
    [InlineData("Vipps:CallTimeout", "00:00:00")]
    [InlineData("Vipps:CallTimeout", "01:00:00")]
    [InlineData("Vipps:Qr:Timeout", "00:00:09")]
    [InlineData("Vipps:PollsPerSecondMax", "0")]
    [InlineData("Vipps:CallsInFlightMax", "0")]
    [InlineData("Vipps:Breaker:FailureRatio", "0")]
    [InlineData("Vipps:Breaker:BreakDuration", "00:00:00.1")]
    [InlineData("Vipps:System:Name", "a name with blanks")]
    [InlineData("Vipps:System:Version", "1234567890123456789012345678901")]
    [InlineData("Vipps:System:PluginName", "")]
    [InlineData("Vipps:SalesUnits:0:MerchantSerialNumber", "12")]
    [InlineData("Vipps:SalesUnits:0:MerchantSerialNumber", "")]
    [InlineData("Vipps:SalesUnits:0:ClientId", Canary)]
    [InlineData("Vipps:SalesUnits:0:ClientSecret", Canary)]
    [InlineData("Vipps:SalesUnits:0:ClientSecret", "")]
    [InlineData("Vipps:SalesUnits:0:SubscriptionKey", Canary)]
    [InlineData(
        "Vipps:SalesUnits:0:SubscriptionKey", "01234567890123456789012345678901234567890123456789012345678901234")]
    public void Setting_ThatIsWrong_IsNamedByItsPathAndNotByItsValue(string path, string? value)
    {
        var settings = VippsSetup.Settings("https://vipps.test");
        settings[path] = value;

        var failure = Assert.Throws<OptionsValidationException>(() => Bind(settings));

        Assert.All(failure.Failures, line => Assert.Contains(path, line));
        Assert.DoesNotContain(Canary, failure.Message);
    }

    [Fact]
    public void Settings_ThatAreWrongInSeveralPlaces_AreAllNamedAtOnce()
    {
        var settings = VippsSetup.Settings("https://vipps.test");
        settings["Vipps:EPayment:BaseAddress"] = null;
        settings["Vipps:PollsPerSecondMax"] = "0";
        settings["Vipps:SalesUnits:0:ClientId"] = "no";
        settings["Vipps:SalesUnits:1:MerchantSerialNumber"] = "123456";

        var failure = Assert.Throws<OptionsValidationException>(() => Bind(settings));

        foreach (var path in (string[])
                 [
                     "Vipps:EPayment:BaseAddress", "Vipps:PollsPerSecondMax", "Vipps:SalesUnits:0:ClientId",
                     "Vipps:SalesUnits:1:ClientId", "Vipps:SalesUnits:1:ClientSecret",
                     "Vipps:SalesUnits:1:SubscriptionKey", "Vipps:SalesUnits:1:MerchantSerialNumber is the same as Vipps:SalesUnits:0:MerchantSerialNumber",
                 ])
        {
            Assert.Contains(failure.Failures, line => line.Contains(path, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("http://simulator:18000", true)]
    [InlineData("http://api.vipps.no", false)]
    [InlineData("http://10.0.0.7", false)]
    [InlineData("ftp://simulator", false)]
    public void Plaintext_WhereItIsAllowed_GoesToHostsOfOneWordAlone(string address, bool isRight)
    {
        var settings = VippsSetup.Settings("https://vipps.test");
        settings["Vipps:EPayment:BaseAddress"] = address;
        settings["Vipps:AllowPlaintext"] = "true";

        if (isRight) Assert.Equal(new Uri(address), Bind(settings).EPayment.BaseAddress);
        else Assert.Contains("Vipps:EPayment:BaseAddress", Assert.Throws<OptionsValidationException>(() => Bind(settings)).Message);
    }

    [Fact]
    public void SalesUnits_NoneAtAll_IsNamed()
    {
        var settings = VippsSetup.Settings("https://vipps.test")
            .Where(setting => !setting.Key.Contains("SalesUnits", StringComparison.Ordinal)).ToDictionary();

        var failure = Assert.Throws<OptionsValidationException>(() => Bind(settings));

        Assert.Contains("Vipps:SalesUnits", failure.Message);
    }

    [Theory]
    [InlineData("Vipps:CheckIn:BaseAddress", "Vipps:SalesUnits:0:CheckIn", "true")]
    [InlineData("Vipps:Loyalty:BaseAddress", "Vipps:Loyalty:MerchantSerialNumber", "123456")]
    public void Address_OfWhatIsOff_IsNotNeeded(string address, string on, string value)
    {
        var settings = VippsSetup.Settings("https://vipps.test");
        settings[address] = null;
        Bind(settings);

        settings[on] = value;
        var failure = Assert.Throws<OptionsValidationException>(() => Bind(settings));

        Assert.Contains(address, Assert.Single(failure.Failures));
    }

    private static VippsOptions Bind(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        using var provider = new ServiceCollection()
            .AddVipps(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        return provider.GetRequiredService<IOptions<VippsOptions>>().Value;
    }
}
