using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ChainCheckout.Gateway;

/// <summary>The listeners and every limit on what a stranger may cost. Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    [ValidateObjectMembers] public TillListenerOptions Tills { get; set; } = new();

    [ValidateObjectMembers] public WebhookListenerOptions Webhooks { get; set; } = new();

    [ValidateObjectMembers] public AdminListenerOptions Admin { get; set; } = new();

    [ValidateObjectMembers] public MetricsListenerOptions Metrics { get; set; } = new();
}

public sealed class TillListenerOptions
{
    [Required] public string Address { get; set; } = "127.0.0.1";

    [Range(1, 65_535)] public int Port { get; set; } = 7700;

    /// <summary>Tills' frames in clear text on an address that is not loopback: only behind something that encrypts.</summary>
    public bool AllowPlaintext { get; set; }

    /// <summary>Tills and scanners that one connection may carry. A store's gateway; 64 is more than the largest store has.</summary>
    [Range(1, 1_024)] public int ChannelsPerConnectionMax { get; set; } = 64;

    [Range(1, 1_000_000)] public int ConnectionsMax { get; set; } = 20_000;

    /// <summary>From accept to the first Welcome.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:01:00")] public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(5);

    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")] public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection that says nothing for so long is cut.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")] public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What a till that does not read may make the server hold.</summary>
    [Range(16_384, 16_777_216)] public int OutboundBytesMax { get; set; } = 262_144;

    /// <summary>Commands under way in the process; new sales are told Busy at three quarters of it.</summary>
    [Range(4, 1_000_000)] public int CommandsInFlightMax { get; set; } = 2_000;

    /// <summary>A command whose turn takes longer is answered Busy: its outcome is unknown and the till repeats it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")] public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the gateway asks for a newer view while a sale is unfinished.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")] public TimeSpan Watch { get; set; } = TimeSpan.FromSeconds(2);
}

public sealed class WebhookListenerOptions
{
    [Required] public string Address { get; set; } = "127.0.0.1";

    [Range(1, 65_535)] public int Port { get; set; } = 7701;

    /// <summary>
    /// What Vipps is told, without the path: <c>https://checkout.example.com</c>. Signatures cover its host, whatever a
    /// proxy in front makes of it. Empty: no webhooks, polling alone.
    /// </summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>
    /// Let <see cref="PublicAddress"/> be plain http to a host of one word: a simulated Vipps in a network of containers.
    /// </summary>
    public bool AllowPlaintext { get; set; }

    [Range(1_024, 1_048_576)] public int BodyBytesMax { get; set; } = 65_536;

    /// <summary>From verification to hand-over; after it the answer is 503 and the vendor tries again (its limit is 10 s).</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:09")] public TimeSpan HandOverTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

public sealed class AdminListenerOptions
{
    /// <summary>Loopback only: it can release tills and tells of payments.</summary>
    [Required] public string Address { get; set; } = "127.0.0.1";

    [Range(1, 65_535)] public int Port { get; set; } = 7702;

    /// <summary>Sent as <c>Authorization: Bearer …</c>; at least 16 characters.</summary>
    [Required]
    [MinLength(16)]
    public string Token { get; set; } = "";
}

/// <summary>For scrapers and probes of other machines: metrics and health, and nothing else.</summary>
public sealed class MetricsListenerOptions
{
    /// <summary>Empty: none; the admin listener has both pages, too. Nothing is guarded here: keep it off public addresses.</summary>
    public string Address { get; set; } = "";

    [Range(1, 65_535)] public int Port { get; set; } = 7703;
}

[OptionsValidator]
internal sealed partial class GatewayOptionsAnnotations : IValidateOptions<GatewayOptions>;

/// <summary>Rules over more than one setting; every one that is broken is named by its path.</summary>
public sealed partial class GatewayOptionsRules : IValidateOptions<GatewayOptions>
{
    private readonly GatewayOptionsAnnotations _annotations = new();

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var wrong = new List<string>();
        if (_annotations.Validate(GatewayOptions.Section, options) is { Failed: true } failed)
        {
            wrong.AddRange(failed.Failures.Select(AsPath));
        }

        var tills = Address(wrong, "Gateway:Tills:Address", options.Tills.Address);
        Address(wrong, "Gateway:Webhooks:Address", options.Webhooks.Address);
        var admin = Address(wrong, "Gateway:Admin:Address", options.Admin.Address);
        if (tills is not null && !IPAddress.IsLoopback(tills) && !options.Tills.AllowPlaintext)
        {
            wrong.Add("Gateway:Tills:Address is not loopback and there is no TLS: put a TLS proxy in front and set Gateway:Tills:AllowPlaintext.");
        }

        if (admin is not null && !IPAddress.IsLoopback(admin)) wrong.Add("Gateway:Admin:Address must be a loopback address.");
        var hasMetrics = options.Metrics.Address.Length > 0;
        if (hasMetrics) Address(wrong, "Gateway:Metrics:Address", options.Metrics.Address);
        List<int> ports = [options.Tills.Port, options.Webhooks.Port, options.Admin.Port];
        if (hasMetrics) ports.Add(options.Metrics.Port);
        if (ports.Distinct().Count() < ports.Count) wrong.Add("Gateway:Tills:Port, Webhooks:Port, Admin:Port and Metrics:Port must differ.");

        if (options.Tills.Heartbeat >= options.Tills.IdleTimeout) wrong.Add("Gateway:Tills:Heartbeat must be shorter than Gateway:Tills:IdleTimeout.");
        if (options.Webhooks.PublicAddress.Length > 0 && !IsPublic(options.Webhooks))
            wrong.Add("Gateway:Webhooks:PublicAddress must be https://host[:port] without a path (http on loopback, and as Gateway:Webhooks:AllowPlaintext allows).");

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsPublic(WebhookListenerOptions options)
    {
        if (!Uri.TryCreate(options.PublicAddress, UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || uri.Query.Length > 0) return false;
        if (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback) return true;
        return options.AllowPlaintext && uri.Scheme == Uri.UriSchemeHttp && uri.HostNameType == UriHostNameType.Dns && !uri.Host.Contains('.', StringComparison.Ordinal);
    }

    private static IPAddress? Address(List<string> wrong, string path, string text)
    {
        if (IPAddress.TryParse(text, out var address)) return address;
        wrong.Add($"{path} must be an IP address.");
        return null;
    }

    /// <summary>The annotations say <c>Gateway.Tills.Port</c>; whoever mends the file looks for <c>Gateway:Tills:Port</c>.</summary>
    private static string AsPath(string failure) => MemberPath().Replace(failure, match => match.Value.Replace('.', ':'));

    [GeneratedRegex(@"\bGateway(\.[A-Za-z]+)+")]
    private static partial Regex MemberPath();
}
