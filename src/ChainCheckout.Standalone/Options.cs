using System.ComponentModel.DataAnnotations;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Protocol;
using Microsoft.Extensions.Options;

namespace ChainCheckout.Standalone;

/// <summary>Section <c>Chain</c>.</summary>
public sealed class ChainOptions
{
    /// <summary>Base64 of at least 32 bytes. Never changed: every customer's key is made from it.</summary>
    [Required] public string PseudonymSecret { get; set; } = "";
}

/// <summary>Section <c>Secrets</c>.</summary>
public sealed class SecretsOptions
{
    public const string Section = "Secrets";

    /// <summary>
    /// A folder with a file for each secret, as containers are handed theirs: the name is the setting's path with <c>__</c> for
    /// <c>:</c>, the text its value. Empty: none.
    /// </summary>
    public string Folder { get; set; } = "";
}

/// <summary>Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    [Required] public string Folder { get; set; } = "data";

    /// <summary>The key that new values are encrypted with: a name in <see cref="Keys"/>.</summary>
    [Required] public string KeyId { get; set; } = "";

    /// <summary>Base64 of 32 bytes each. Old keys stay, so that what they wrote can be read.</summary>
    public Dictionary<string, string> Keys { get; set; } = [];
}

/// <summary>Section <c>Standalone</c>.</summary>
public sealed class StandaloneOptions
{
    /// <summary>An actor other than a till that has done nothing for so long, and has nothing due in that time, leaves memory; storage has it.</summary>
    public TimeSpan IdleFor { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>One entry of <c>Stores</c>.</summary>
public sealed class StoreOptions
{
    [Range(1, 9999)] public int Number { get; set; }

    [Required]
    [StringLength(60, MinimumLength = 1)]
    public string Name { get; set; } = "";

    /// <summary>One of <c>Vipps:SalesUnits</c>.</summary>
    [Required] public string MerchantSerialNumber { get; set; } = "";

    /// <summary>NO, DK, FI or SE: how a typed number without country code is read.</summary>
    [Required] public string Country { get; set; } = "";

    /// <summary>NOK, DKK or EUR: the sales unit's.</summary>
    [Required] public string Currency { get; set; } = "";

    [Required] public string TimeZone { get; set; } = "";

    /// <summary>nb, da, fi, sv or en.</summary>
    [Required] public string Language { get; set; } = "";

    public List<TillOptions> Tills { get; set; } = [];
}

public sealed class TillOptions
{
    [Range(1, 99)] public int Number { get; set; }

    /// <summary>Base64 of at least 16 bytes.</summary>
    public string PosSecret { get; set; } = "";

    /// <summary>Empty where the till has no scanner of its own.</summary>
    public string ScannerSecret { get; set; } = "";
}

/// <summary>Section <c>Timing</c>: the vendor's waits. Only a demo or a test changes them.</summary>
public sealed class TimingOptions
{
    public TimeSpan Window { get; set; } = new PaymentTimings().Window;

    public TimeSpan NotFoundFinal { get; set; } = new PaymentTimings().NotFoundFinal;

    public TimeSpan FirstPoll { get; set; } = new PaymentTimings().FirstPoll;

    public TimeSpan NextPoll { get; set; } = new PaymentTimings().NextPoll;

    public TimeSpan SlowPoll { get; set; } = new PaymentTimings().SlowPoll;

    public TimeSpan FirstRetry { get; set; } = new PaymentTimings().FirstRetry;

    public TimeSpan LastRetry { get; set; } = new PaymentTimings().LastRetry;

    public TimeSpan MutationWindow { get; set; } = new PaymentTimings().MutationWindow;

    public TimeSpan QrAgeMax { get; set; } = new TillSettings().QrAgeMax;

    public TimeSpan AskPayment { get; set; } = new TillSettings().AskPayment;

    public TimeSpan AskAgain { get; set; } = new TillSettings().AskAgain;

    public TimeSpan AwayMax { get; set; } = new TillSettings().AwayMax;

    /// <summary>How long Pay waits for an open enrolment.</summary>
    public TimeSpan HoldMax { get; set; } = new TillSettings().HoldMax;

    /// <summary>A membership register that takes longer has not answered.</summary>
    public TimeSpan RegisterMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The customer's time to answer a login, 1 to 15 minutes.</summary>
    public TimeSpan LoginExpiry { get; set; } = new CustomerSettings().LoginExpiry;

    /// <summary>How long a loyalty event waits for a newer one that would take its place.</summary>
    public TimeSpan PublishDelay { get; set; } = new CustomerSettings().PublishDelay;

    internal PaymentTimings ToPaymentTimings() => new()
    {
        Window = Window,
        NotFoundFinal = NotFoundFinal,
        FirstPoll = FirstPoll,
        NextPoll = NextPoll,
        SlowPoll = SlowPoll,
        FirstRetry = FirstRetry,
        LastRetry = LastRetry,
        MutationWindow = MutationWindow,
    };

    internal TillSettings ToTillSettings() =>
        new() { QrAgeMax = QrAgeMax, AskPayment = AskPayment, AskAgain = AskAgain, AwayMax = AwayMax, HoldMax = HoldMax };
}

/// <summary>Everything of this program's own that can be wrong, by its path; never with its value.</summary>
internal static class SettingsRules
{
    public static List<string> Check(
        ChainOptions chain, StorageOptions storage, StandaloneOptions standalone, IReadOnlyList<StoreOptions> stores, TimingOptions timing,
        LoyaltyOptions loyalty, IReadOnlySet<string> msns)
    {
        var wrong = new List<string>();
        if (!IsKey(chain.PseudonymSecret, ChainSecret.BytesMin)) wrong.Add($"Chain:PseudonymSecret must be base64 of at least {ChainSecret.BytesMin} bytes.");
        if (string.IsNullOrWhiteSpace(storage.Folder)) wrong.Add("Storage:Folder must name a folder.");
        if (!storage.Keys.ContainsKey(storage.KeyId)) wrong.Add("Storage:KeyId must be one of Storage:Keys.");
        foreach (var (id, key) in storage.Keys)
        {
            if (!IsKey(key, 32, exactly: true)) wrong.Add($"Storage:Keys:{id} must be base64 of 32 bytes.");
        }

        if (stores.Count == 0) wrong.Add("Stores must hold at least one store.");
        for (var i = 0; i < stores.Count; i++) CheckStore(wrong, $"Stores:{i}", stores[i], msns);
        foreach (var twice in stores.GroupBy(store => store.Number).Where(group => group.Count() > 1)) wrong.Add($"Stores: number {twice.Key} is there twice.");
        CheckTiming(wrong, timing);
        loyalty.Check(wrong);
        if (standalone.IdleFor < TimeSpan.FromSeconds(1)) wrong.Add("Standalone:IdleFor must be at least a second.");
        return wrong;
    }

    private static void CheckStore(List<string> wrong, string path, StoreOptions store, IReadOnlySet<string> msns)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(store, new ValidationContext(store), results, validateAllProperties: true);
        wrong.AddRange(results.Select(result => $"{path}:{result.MemberNames.First()}: {result.ErrorMessage}"));
        if (store.MerchantSerialNumber.Length > 0 && !msns.Contains(store.MerchantSerialNumber)) wrong.Add($"{path}:MerchantSerialNumber is not one of Vipps:SalesUnits.");
        if (store.Country.Length > 0 && !Enum.GetNames<Country>().Contains(store.Country)) wrong.Add($"{path}:Country must be NO, DK, FI or SE.");
        if (store.Currency.Length > 0 && !Currencies.TryParse(store.Currency, out _)) wrong.Add($"{path}:Currency must be NOK, DKK or EUR.");
        if (store.Language.Length > 0 && !Languages.TryParse(store.Language, out _)) wrong.Add($"{path}:Language must be nb, da, fi, sv or en.");
        if (store.TimeZone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(store.TimeZone, out _)) wrong.Add($"{path}:TimeZone is not known on this machine.");
        for (var i = 0; i < store.Tills.Count; i++)
        {
            var till = store.Tills[i];
            if (till.Number is < 1 or > 99) wrong.Add($"{path}:Tills:{i}:Number must be 1 to 99.");
            if (!IsKey(till.PosSecret, ProtocolLimits.SecretBytesMin)) wrong.Add($"{path}:Tills:{i}:PosSecret must be base64 of at least {ProtocolLimits.SecretBytesMin} bytes.");
            if (till.ScannerSecret.Length > 0 && !IsKey(till.ScannerSecret, ProtocolLimits.SecretBytesMin)) wrong.Add($"{path}:Tills:{i}:ScannerSecret must be base64 of at least {ProtocolLimits.SecretBytesMin} bytes.");
        }

        foreach (var twice in store.Tills.GroupBy(till => till.Number).Where(group => group.Count() > 1)) wrong.Add($"{path}:Tills: number {twice.Key} is there twice.");
    }

    private static void CheckTiming(List<string> wrong, TimingOptions timing)
    {
        foreach (var property in typeof(TimingOptions).GetProperties().Where(property => property.PropertyType == typeof(TimeSpan)))
        {
            if ((TimeSpan)property.GetValue(timing)! <= TimeSpan.Zero) wrong.Add($"Timing:{property.Name} must be longer than nothing.");
        }

        if (timing.LoginExpiry < TimeSpan.FromMinutes(1) || timing.LoginExpiry > TimeSpan.FromMinutes(15))
            wrong.Add("Timing:LoginExpiry must be 1 to 15 minutes.");
        if (timing.NotFoundFinal <= timing.Window) wrong.Add("Timing:NotFoundFinal must be longer than Timing:Window.");
    }

    private static bool IsKey(string text, int bytes, bool exactly = false)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out var written) && (exactly ? written == bytes : written >= bytes);
    }
}
