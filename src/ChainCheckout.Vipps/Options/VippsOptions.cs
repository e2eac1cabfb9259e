using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ChainCheckout.Vipps.Options;

/// <summary>Where Vipps is, who we are there, and how much we ask of it. Section <c>Vipps</c>.</summary>
public sealed class VippsOptions
{
    public const string Section = "Vipps";

    [ValidateObjectMembers] public ApiOptions AccessToken { get; set; } = new();

    [ValidateObjectMembers] public QrOptions Qr { get; set; } = new();

    [ValidateObjectMembers] public ApiOptions EPayment { get; set; } = new();

    [ValidateObjectMembers] public ApiOptions Webhooks { get; set; } = new();

    [ValidateObjectMembers] public CheckInOptions CheckIn { get; set; } = new();

    [ValidateObjectMembers] public LoginOptions Login { get; set; } = new();

    [ValidateObjectMembers] public LoyaltyApiOptions Loyalty { get; set; } = new();

    [MinLength(1)]
    [ValidateEnumeratedItems]
    public List<SalesUnitOptions> SalesUnits { get; set; } = [];

    [ValidateObjectMembers] public SystemOptions System { get; set; } = new();

    [ValidateObjectMembers] public BreakerOptions Breaker { get; set; } = new();

    /// <summary>
    /// Let addresses be plain http to a host of one word: a simulated Vipps in a network of containers. Keys and tokens
    /// can be read on the way: never for Vipps itself.
    /// </summary>
    public bool AllowPlaintext { get; set; }

    /// <summary>
    /// The whole of one call, a refreshed token and a second try included. After it the outcome is unknown.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Routine reads per second of this process, all sales units together.</summary>
    [Range(1, 10_000)] public int PollsPerSecondMax { get; set; } = 200;

    /// <summary>
    /// Calls under way at once, all sales units together; member calls may use three eighths of it, and these and routine
    /// reads three quarters.
    /// </summary>
    [Range(1, 10_000)] public int CallsInFlightMax { get; set; } = 256;
}

public sealed class ApiOptions
{
    /// <summary>Scheme and host, <c>https://api.vipps.no</c> in production; plain http on loopback only.</summary>
    [Required] public Uri? BaseAddress { get; set; }
}

public sealed class QrOptions
{
    /// <inheritdoc cref="ApiOptions.BaseAddress"/>
    [Required] public Uri? BaseAddress { get; set; }

    /// <summary>A customer stands at the till with the phone in the hand: typing the number is the way out.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);
}

public sealed class CheckInOptions
{
    /// <summary>As <see cref="ApiOptions.BaseAddress"/>; needed where a sales unit has <c>CheckIn</c> on.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>One try, and nothing waits for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);
}

public sealed class LoginOptions
{
    /// <summary>As <see cref="ApiOptions.BaseAddress"/>; empty: nobody is asked to join by a push.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>What is asked of the customer. A scope outside the merchant's plan is dropped in silence.</summary>
    [Required]
    [StringLength(200)]
    public string Scope { get; set; } = "openid name phoneNumber delegatedConsents";

    /// <summary>
    /// Sends <c>urn:mobilenumber:</c> with eight digits for a Norwegian number, as before autumn 2023.
    /// </summary>
    public bool LegacyHint { get; set; }

    /// <summary>Whether the account is looked up before a push is sent.</summary>
    public bool LookUpUser { get; set; } = true;
}

/// <summary>The Loyalty API. It is not generally available: without a sales unit nothing is published.</summary>
public sealed class LoyaltyApiOptions
{
    /// <summary>As <see cref="ApiOptions.BaseAddress"/>; needed where a sales unit publishes.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The sales unit that publishes for the whole chain; empty: none.</summary>
    public string MerchantSerialNumber { get; set; } = "";

    /// <summary>The vendor's only published value is the default.</summary>
    [Required]
    [StringLength(40)]
    public string RedemptionType { get; set; } = "online_and_in_store";

    /// <summary>The payload of stamp cards is not published: off, they are kept here alone.</summary>
    public bool SendStampCards { get; set; }

    /// <summary>The payload of bonus checks is not published: off, they are kept here alone.</summary>
    public bool SendBonusChecks { get; set; }

    /// <summary>Whether Vipps may ask for a member anew (<c>benefits.membership.seeding.v1</c>); its payload is not published.</summary>
    public bool SeedingWebhook { get; set; }

    /// <summary>Calls under way at once, at most; the publisher finds out how many the API takes.</summary>
    [Range(1, 1_000)] public int ParallelMax { get; set; } = 32;

    /// <summary>How often one event tries whether the API is back.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan AwayRetry { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>One sales unit and its keys.</summary>
public sealed class SalesUnitOptions
{
    /// <summary>4 to 10 digits.</summary>
    [Required]
    [RegularExpression("[0-9]{4,10}")]
    public string MerchantSerialNumber { get; set; } = "";

    /// <summary>A GUID.</summary>
    [Required] public string ClientId { get; set; } = "";

    [Required]
    [StringLength(512)]
    public string ClientSecret { get; set; } = "";

    /// <summary>The primary or the secondary one: they are interchangeable.</summary>
    [Required]
    [StringLength(64)]
    public string SubscriptionKey { get; set; } = "";

    /// <summary>
    /// Whether its customers' phones are told of a check-in. Norway only, and legacy: off by default.
    /// </summary>
    public bool CheckIn { get; set; }

    /// <summary>Sent with a check-in where it is set, as the first form of that API wanted it.</summary>
    [StringLength(100)]
    public string LoyaltyProgramName { get; set; } = "";
}

/// <summary>
/// How this system names itself to Vipps: the four <c>Vipps-System-*</c> headers, at most 30 characters each.
/// </summary>
public sealed class SystemOptions
{
    private static readonly string OwnVersion =
        typeof(SystemOptions).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version ?? "0";

    [Required]
    [StringLength(30)]
    public string Name { get; set; } = "chaincheckout";

    [Required]
    [StringLength(30)]
    public string Version { get; set; } = OwnVersion;

    [Required]
    [StringLength(30)]
    public string PluginName { get; set; } = "chaincheckout-till";

    [Required]
    [StringLength(30)]
    public string PluginVersion { get; set; } = OwnVersion;
}

/// <summary>When calls to one API for one sales unit stop for a while.</summary>
public sealed class BreakerOptions
{
    /// <summary>Share of calls without an answer (5xx, timeout, cut) that opens it.</summary>
    [Range(0.05, 1.0)] public double FailureRatio { get; set; } = 0.5;

    /// <summary>Calls within <see cref="SamplingDuration"/> before the share means anything.</summary>
    [Range(2, 10_000)] public int MinimumThroughput { get; set; } = 10;

    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it stays open before one call may try.</summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:10:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class VippsOptionsAnnotations : IValidateOptions<VippsOptions>;
