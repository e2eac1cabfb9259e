using System.Collections.Immutable;
using System.Globalization;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ChainCheckout.Vipps;
using ChainCheckout.Vipps.Options;

namespace ChainCheckout.Standalone;

/// <summary>One or more settings are wrong; each line names one by its path.</summary>
public sealed class SettingsException(IReadOnlyList<string> wrong) : Exception(string.Join(Environment.NewLine, wrong))
{
    public IReadOnlyList<string> Wrong { get; } = wrong;
}

/// <summary>The settings of this program, read and checked as a whole before anything starts.</summary>
public sealed record Settings(
    GatewayOptions Gateway, StorageOptions Storage, StandaloneOptions Standalone, TimingOptions Timing, LoyaltyOptions Loyalty, ChainSecret Secret, KeyRing Keys, IReadOnlySet<Msn> SalesUnits,
    ImmutableArray<(StoreProfile Profile, ImmutableArray<TillCredential> Tills)> Stores)
{
    /// <summary>What the names of settings in the environment begin with.</summary>
    private const string Variables = "CHAINCHECKOUT_";

    /// <summary>
    /// The file given with <c>--settings</c>, else <c>appsettings.json</c> where the program is started; the folder of secrets goes over
    /// it, the environment over both, and <c>Section:Name=value</c> among the arguments over all.
    /// </summary>
    internal static IConfigurationBuilder AddFiles(IConfigurationBuilder configuration, string[] args)
    {
        var named = Array.IndexOf(args, "--settings");
        if (named >= 0 && (named + 1 >= args.Length || !File.Exists(args[named + 1])))
        {
            throw new SettingsException([named + 1 >= args.Length ? "--settings needs a file." : $"--settings: there is no file {args[named + 1]}."]);
        }

        string[] others = named < 0 ? args : [.. args[..named], .. args[(named + 2)..]];
        if (others.FirstOrDefault(one => !one.Contains('=', StringComparison.Ordinal)) is not null)
        {
            throw new SettingsException(["arguments are --settings FILE and Section:Name=value."]);
        }

        var file = named >= 0 ? Path.GetFullPath(args[named + 1]) : Path.GetFullPath("appsettings.json");
        try
        {
            configuration.AddJsonFile(file, optional: named < 0);
            if (SecretsFolder(file, others) is { } secrets) configuration.AddKeyPerFile(secrets, optional: false);
            return configuration.AddEnvironmentVariables(Variables).AddCommandLine(others);
        }
        catch (InvalidDataException broken)
        {
            throw new SettingsException([$"{file}: {broken.InnerException?.Message ?? broken.Message}"]);
        }
    }

    /// <summary>It stands among the settings itself, wherever they come from; what is in it is read under the environment.</summary>
    private static string? SecretsFolder(string file, string[] arguments)
    {
        var given = new ConfigurationBuilder().AddJsonFile(file, optional: true).AddEnvironmentVariables(Variables).AddCommandLine(arguments).Build();
        if (given[$"{SecretsOptions.Section}:{nameof(SecretsOptions.Folder)}"] is not { Length: > 0 } folder) return null;
        if (Directory.Exists(folder)) return Path.GetFullPath(folder);
        throw new SettingsException([$"{SecretsOptions.Section}:{nameof(SecretsOptions.Folder)} must name a folder."]);
    }

    internal CustomerSettings ToCustomerSettings(VippsOptions vipps) => new()
    {
        CheckInUnits = [.. vipps.SalesUnits.Where(unit => unit.CheckIn).Select(unit => new Msn(unit.MerchantSerialNumber))],
        LoyaltyUnit = vipps.Loyalty.MerchantSerialNumber.Length > 0 ? new Msn(vipps.Loyalty.MerchantSerialNumber) : null,
        LookUpUser = vipps.Login.LookUpUser,
        Programme = Loyalty.ToProgramme(),
        LoginExpiry = Timing.LoginExpiry,
        PublishDelay = Timing.PublishDelay,
    };

    /// <exception cref="SettingsException">Names all that is wrong, in every section.</exception>
    public static Settings Read(IConfiguration given)
    {
        var (configuration, wrong) = LegibleSettings.Of(given);
        var gateway = configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new GatewayOptions();
        var chain = configuration.GetSection("Chain").Get<ChainOptions>() ?? new ChainOptions();
        var storage = configuration.GetSection("Storage").Get<StorageOptions>() ?? new StorageOptions();
        var standalone = configuration.GetSection("Standalone").Get<StandaloneOptions>() ?? new StandaloneOptions();
        var timing = configuration.GetSection("Timing").Get<TimingOptions>() ?? new TimingOptions();
        var loyalty = configuration.GetSection(LoyaltyOptions.Section).Get<LoyaltyOptions>() ?? new LoyaltyOptions();
        var stores = configuration.GetSection("Stores").Get<List<StoreOptions>>() ?? [];

        var msns = CheckVipps(configuration, wrong);
        if (new GatewayOptionsRules().Validate(null, gateway) is { Failed: true } failed) wrong.AddRange(failed.Failures);
        wrong.AddRange(SettingsRules.Check(chain, storage, standalone, stores, timing, loyalty, msns));
        if (wrong.Count > 0) throw new SettingsException(wrong);

        var keys = storage.Keys.ToDictionary(key => key.Key, key => Convert.FromBase64String(key.Value));
        return new Settings(
            gateway, storage, standalone, timing, loyalty, new ChainSecret(Convert.FromBase64String(chain.PseudonymSecret)), new KeyRing(storage.KeyId, keys),
            msns.Select(text => new Msn(text)).ToHashSet(), [.. stores.Select(Store)]);
    }

    /// <summary>The clients validate their own section; here it is only made part of one list.</summary>
    private static HashSet<string> CheckVipps(IConfiguration configuration, List<string> wrong)
    {
        using var probe = new ServiceCollection().AddVipps(configuration).BuildServiceProvider();
        try
        {
            return [.. probe.GetRequiredService<IOptions<VippsOptions>>().Value.SalesUnits.Select(unit => unit.MerchantSerialNumber)];
        }
        catch (OptionsValidationException invalid)
        {
            wrong.AddRange(invalid.Failures);
            return [];
        }
    }

    private static (StoreProfile, ImmutableArray<TillCredential>) Store(StoreOptions store)
    {
        Currencies.TryParse(store.Currency, out var currency);
        Languages.TryParse(store.Language, out var language);
        var profile = new StoreProfile(
            store.Number, store.Name, new Msn(store.MerchantSerialNumber), Enum.Parse<Country>(store.Country), currency, store.TimeZone, language);
        var tills = store.Tills.SelectMany(till => Credentials(till)).ToImmutableArray();
        return (profile, tills);
    }

    private static IEnumerable<TillCredential> Credentials(TillOptions till)
    {
        yield return new TillCredential(till.Number, TillRole.Pos, new Secret(till.PosSecret));
        if (till.ScannerSecret.Length > 0) yield return new TillCredential(till.Number, TillRole.Scanner, new Secret(till.ScannerSecret));
    }
}
