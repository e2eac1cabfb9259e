using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ChainCheckout.Vipps.Options;

/// <summary>
/// Everything that a setting must satisfy, told all at once, each by its configuration path. No message holds a value:
/// it might be a secret.
/// </summary>
internal sealed partial class VippsOptionsRules : IValidateOptions<VippsOptions>
{
    private readonly VippsOptionsAnnotations _annotations = new();

    public ValidateOptionsResult Validate(string? name, VippsOptions options)
    {
        var wrong = new List<string>();
        if (_annotations.Validate(VippsOptions.Section, options) is { Failed: true } failed)
            wrong.AddRange(failed.Failures.Select(AsPath));

        CheckAddress(wrong, "AccessToken", options.AccessToken.BaseAddress, options.AllowPlaintext);
        CheckAddress(wrong, "Qr", options.Qr.BaseAddress, options.AllowPlaintext);
        CheckAddress(wrong, "EPayment", options.EPayment.BaseAddress, options.AllowPlaintext);
        CheckAddress(wrong, "Webhooks", options.Webhooks.BaseAddress, options.AllowPlaintext);
        CheckMembers(wrong, options);
        CheckSystem(wrong, options.System);
        CheckSalesUnits(wrong, options.SalesUnits);
        if (options.Qr.Timeout > options.CallTimeout)
            wrong.Add("Vipps:Qr:Timeout must not be longer than Vipps:CallTimeout.");

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static void CheckAddress(List<string> wrong, string api, Uri? address, bool allowPlaintext)
    {
        var path = $"Vipps:{api}:BaseAddress";
        if (address is null) return;
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            wrong.Add($"{path} must be an absolute https address.");
        else if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !(allowPlaintext && IsOneWord(address)))
            wrong.Add($"{path} must be https: only a loopback address may be plain http.");
        else if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            wrong.Add($"{path} must be without user, query and fragment.");
    }

    private static bool IsOneWord(Uri address) =>
        address.HostNameType == UriHostNameType.Dns && !address.Host.Contains('.', StringComparison.Ordinal);

    private static void CheckMembers(List<string> wrong, VippsOptions options)
    {
        CheckAddress(wrong, "CheckIn", options.CheckIn.BaseAddress, options.AllowPlaintext);
        CheckAddress(wrong, "Login", options.Login.BaseAddress, options.AllowPlaintext);
        CheckAddress(wrong, "Loyalty", options.Loyalty.BaseAddress, options.AllowPlaintext);
        if (options.CheckIn.BaseAddress is null && options.SalesUnits.Any(unit => unit.CheckIn))
            wrong.Add("Vipps:CheckIn:BaseAddress is needed where a sales unit has CheckIn on.");
        var scopes = options.Login.Scope.Split(' ');
        if (!scopes.Contains("openid") || !scopes.Contains("phoneNumber"))
            wrong.Add("Vipps:Login:Scope must hold openid and phoneNumber.");
        var publisher = options.Loyalty.MerchantSerialNumber;
        if (publisher.Length == 0) return;
        if (options.SalesUnits.TrueForAll(unit => unit.MerchantSerialNumber != publisher))
            wrong.Add("Vipps:Loyalty:MerchantSerialNumber is not one of Vipps:SalesUnits.");
        if (options.Loyalty.BaseAddress is null)
            wrong.Add("Vipps:Loyalty:BaseAddress is needed where Vipps:Loyalty:MerchantSerialNumber is set.");
    }

    private static void CheckSystem(List<string> wrong, SystemOptions system)
    {
        CheckHeaderText(wrong, "Vipps:System:Name", system.Name);
        CheckHeaderText(wrong, "Vipps:System:Version", system.Version);
        CheckHeaderText(wrong, "Vipps:System:PluginName", system.PluginName);
        CheckHeaderText(wrong, "Vipps:System:PluginVersion", system.PluginVersion);
    }

    private static void CheckSalesUnits(List<string> wrong, List<SalesUnitOptions> units)
    {
        var firstPlace = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < units.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"Vipps:SalesUnits:{i}");
            var unit = units[i];
            CheckHeaderText(wrong, $"{path}:ClientSecret", unit.ClientSecret);
            CheckHeaderText(wrong, $"{path}:SubscriptionKey", unit.SubscriptionKey);
            if (unit.ClientId.Length > 0 && !Guid.TryParseExact(unit.ClientId, "D", out _))
                wrong.Add($"{path}:ClientId must be a GUID.");
            if (unit.MerchantSerialNumber.Length > 0 && !firstPlace.TryAdd(unit.MerchantSerialNumber, i))
            {
                wrong.Add($"{path}:MerchantSerialNumber is the same as " +
                          $"Vipps:SalesUnits:{firstPlace[unit.MerchantSerialNumber]}:MerchantSerialNumber.");
            }
        }
    }

    /// <summary>What a header cannot carry would fail each call, one by one; here it fails the start.</summary>
    private static void CheckHeaderText(List<string> wrong, string path, string text)
    {
        if (text.Any(character => character is <= ' ' or > '~')) wrong.Add($"{path} must be ASCII without blanks.");
    }

    /// <summary>
    /// The annotations say <c>Vipps.SalesUnits[0].ClientId</c>; whoever mends the file looks for
    /// <c>Vipps:SalesUnits:0:ClientId</c>.
    /// </summary>
    private static string AsPath(string failure) => MemberPath().Replace(
        failure, match => match.Value.Replace("]", "", StringComparison.Ordinal).Replace('[', ':').Replace('.', ':'));

    [GeneratedRegex(@"\bVipps(\.[A-Za-z]+|\[[0-9]+\])+")]
    private static partial Regex MemberPath();
}
