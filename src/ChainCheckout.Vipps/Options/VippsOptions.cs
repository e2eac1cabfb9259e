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

    [MinLength(1)]
    [ValidateEnumeratedItems]
    public List<SalesUnitOptions> SalesUnits { get; set; } = [];

    [ValidateObjectMembers] public SystemOptions System { get; set; } = new();

    [ValidateObjectMembers] public BreakerOptions Breaker { get; set; } = new();

    /// <summary>
    /// The whole of one call, a refreshed token and a second try included. After it the outcome is unknown.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Routine reads per second of this process, all sales units together.</summary>
    [Range(1, 10_000)] public int PollsPerSecondMax { get; set; } = 200;

    /// <summary>
    /// Calls under way at once, all sales units together; routine reads may use three quarters of it.
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
