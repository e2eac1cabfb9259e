using System.ComponentModel.DataAnnotations;
using System.Net;
using ChainCheckout.Standalone;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace ChainCheckout.Cluster;

/// <summary>Section <c>Cluster</c>: what a process of a chain needs besides a server's settings.</summary>
public sealed class ChainClusterOptions
{
    public const string Section = "Cluster";

    /// <summary>Silos with the same name find each other.</summary>
    [Required] public string Name { get; set; } = "chaincheckout";

    /// <summary>
    /// This silo's own address, as other silos reach it: an IP address, or <c>auto</c> for the machine's first IPv4 address that is not
    /// loopback, which is what a container needs.
    /// </summary>
    [Required] public string Address { get; set; } = "127.0.0.1";

    /// <summary>For other silos.</summary>
    [Range(1, 65_535)] public int SiloPort { get; set; } = 11_111;

    /// <summary>For gateways that carry no silo.</summary>
    [Range(1, 65_535)] public int ClientPort { get; set; } = 30_000;

    /// <summary>Accept silos and gateways on every address of this machine, not on <see cref="Address"/> alone.</summary>
    public bool ListenOnAny { get; set; }

    public RedisOptions Redis { get; set; } = new();

    /// <summary>
    /// A silo that misses three of its neighbours' questions in a row, so long apart, is taken for dead. A process that stands still for
    /// five seconds is only slow.
    /// </summary>
    public TimeSpan Probe { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A call to an actor without an answer for so long has an unknown outcome.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    private const string Auto = "auto";

    internal IPAddress ToOwnAddress() => Address == Auto ? OwnAddress.Find()! : IPAddress.Parse(Address);

    internal void Check(List<string> wrong)
    {
        if (string.IsNullOrWhiteSpace(Name)) wrong.Add("Cluster:Name must not be empty.");
        if (Address != Auto && !IPAddress.TryParse(Address, out _)) wrong.Add("Cluster:Address must be an IP address, or auto.");
        if (Address == Auto && OwnAddress.Find() is null) wrong.Add("Cluster:Address is auto, and this machine has no IPv4 address but loopback.");
        if (SiloPort is < 1 or > 65_535) wrong.Add("Cluster:SiloPort must be 1 to 65535.");
        if (ClientPort is < 1 or > 65_535) wrong.Add("Cluster:ClientPort must be 1 to 65535.");
        if (SiloPort == ClientPort) wrong.Add("Cluster:SiloPort and Cluster:ClientPort must differ.");
        if (Probe < TimeSpan.FromSeconds(0.2) || Probe > TimeSpan.FromSeconds(30)) wrong.Add("Cluster:Probe must be 0.2 to 30 seconds.");
        if (CallTimeout <= Redis.Timeout) wrong.Add("Cluster:CallTimeout must be longer than Cluster:Redis:Timeout.");
        Redis.Check(wrong);
    }
}

/// <summary>Section <c>Cluster:Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>Where actors are stored: <c>host:port</c>, further options as StackExchange.Redis spells them.</summary>
    [Required] public string Storage { get; set; } = "127.0.0.1:6379";

    /// <summary>Where silos find each other; empty: in the same Redis, on a connection of its own.</summary>
    public string Membership { get; set; } = "";

    /// <summary>What every key begins with.</summary>
    [Required] public string Prefix { get; set; } = "cc";

    /// <summary>A command without an answer for so long has an unknown outcome.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Use a Redis that keeps nothing on disk: what was acknowledged is lost with its process.</summary>
    public bool AllowForgetful { get; set; }

    /// <summary>Use a Redis that drops keys when its memory is full.</summary>
    public bool AllowEviction { get; set; }

    internal void Check(List<string> wrong)
    {
        if (!IsLegible(Storage)) wrong.Add("Cluster:Redis:Storage must be host:port, with options as StackExchange.Redis spells them.");
        if (Membership.Length > 0 && !IsLegible(Membership)) wrong.Add("Cluster:Redis:Membership must be host:port, or empty.");
        if (Prefix.Length is 0 or > 32 || Prefix.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')))
            wrong.Add("Cluster:Redis:Prefix must be 1 to 32 letters, digits, - or _.");
        if (Timeout < TimeSpan.FromSeconds(0.1)) wrong.Add("Cluster:Redis:Timeout must be at least 0.1 seconds.");
    }

    internal ConfigurationOptions ToConfiguration(string purpose)
    {
        var isMembership = purpose == "membership" && Membership.Length > 0;
        var options = ConfigurationOptions.Parse(isMembership ? Membership : Storage);
        options.ClientName = "chaincheckout-" + purpose;
        options.AsyncTimeout = options.SyncTimeout = (int)Timeout.TotalMilliseconds;
        options.ConnectTimeout = 2_000;

        // INFO, which tells whether Redis keeps what it is given, counts as one of the operator's commands.
        options.AllowAdmin = true;
        return options;
    }

    private static bool IsLegible(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>What a process of the chain does: carry actors, carry tills' connections, or both.</summary>
[Flags]
public enum Roles
{
    Silo = 1,
    Gateway = 2,
    Both = Silo | Gateway,
}

/// <summary>The settings of a process of the chain, checked as a whole.</summary>
public sealed record ClusterSettings(Settings Server, ChainClusterOptions Cluster)
{
    /// <exception cref="SettingsException">Names all that is wrong.</exception>
    public static ClusterSettings Read(IConfiguration given)
    {
        var (legible, wrong) = LegibleSettings.Of(given, (ChainClusterOptions.Section, typeof(ChainClusterOptions)));
        var cluster = legible.GetSection(ChainClusterOptions.Section).Get<ChainClusterOptions>() ?? new ChainClusterOptions();
        wrong = [.. wrong.Where(one => one.StartsWith(ChainClusterOptions.Section, StringComparison.Ordinal))];
        cluster.Check(wrong);
        try
        {
            var server = Settings.Read(given);
            return wrong.Count == 0 ? new ClusterSettings(server, cluster) : throw new SettingsException(wrong);
        }
        catch (SettingsException more) when (wrong.Count > 0 && !ReferenceEquals(more.Wrong, wrong))
        {
            throw new SettingsException([.. more.Wrong, .. wrong]);
        }
    }

    /// <summary>Takes <c>--role silo|gateway</c> out of the arguments; without it a process is both.</summary>
    /// <exception cref="SettingsException">Another role.</exception>
    public static (Roles Roles, string[] Others) TakeRole(string[] args)
    {
        var at = Array.IndexOf(args, "--role");
        if (at < 0) return (Roles.Both, args);
        var role = at + 1 < args.Length ? args[at + 1] : "";
        Roles? roles = role switch { "silo" => Roles.Silo, "gateway" => Roles.Gateway, _ => null };
        return roles is { } known ? (known, [.. args[..at], .. args[(at + 2)..]]) : throw new SettingsException(["--role is silo or gateway."]);
    }
}
