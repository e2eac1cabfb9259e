using System.Text;
using System.Text.Json;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Vipps.Login;

/// <summary>Reads userinfo: who, which number, and only those consents that were given.</summary>
internal static class UserInfoAnswer
{
    private const int SubCharsMax = 100;
    private const int NameCharsMax = 40;

    public static VippsResult<UserInfo> Read(ReadOnlySpan<byte> body)
    {
        if (JsonFields.Parse(body) is not { } root
            || JsonFields.Text(root, "sub") is not { Length: >= 1 and <= SubCharsMax } sub)
        {
            return new VippsResult<UserInfo>.Unknown("answer without sub");
        }

        var digits = JsonFields.Text(root, "phone_number").TrimStart('+');
        return new VippsResult<UserInfo>.Ok(new UserInfo(
            sub, Msisdn.TryParse(digits, out var phone) ? phone : null, NameOf(root), ConsentsOf(root)));
    }

    public static VippsResult<UserInfo>? NotRead(VippsFault fault, ReadOnlySpan<byte> body) =>
        LoginAnswers.Final<UserInfo>(fault);

    /// <summary>
    /// The older form is a list of consents, the newer one check boxes on screens. What both name is given only where
    /// both say so.
    /// </summary>
    private static Consents ConsentsOf(JsonElement root)
    {
        var given = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        if (JsonFields.Object(root, "delegatedConsents") is { } delegated)
        {
            foreach (var consent in JsonFields.Objects(delegated, "consents")) Note(given, consent, "accepted");
        }

        var boxes = Flows(root)
            .SelectMany(flow => JsonFields.Objects(flow, "screens"))
            .SelectMany(screen => JsonFields.Objects(screen, "elements"))
            .Where(element => JsonFields.Text(element, "type") == "checkbox");
        foreach (var box in boxes) Note(given, box, "checked");
        return new Consents(
            given.GetValueOrDefault("email"), given.GetValueOrDefault("sms"), given.GetValueOrDefault("postal"));
    }

    /// <summary>The claim is <c>flowResult</c>; its scope, <c>customFlow</c>, may stand around it or instead.</summary>
    private static IEnumerable<JsonElement> Flows(JsonElement root)
    {
        if (JsonFields.Object(root, "flowResult") is { } result) yield return result;
        if (JsonFields.Object(root, "customFlow") is not { } flow) yield break;
        yield return flow;
        if (JsonFields.Object(flow, "flowResult") is { } inner) yield return inner;
    }

    private static void Note(Dictionary<string, bool> given, JsonElement one, string flag)
    {
        var id = JsonFields.Text(one, "id");
        given[id] = JsonFields.Flag(one, flag) == true && given.GetValueOrDefault(id, true);
    }

    /// <summary>Runes, so that no character is cut in two.</summary>
    private static string NameOf(JsonElement root)
    {
        var name = new StringBuilder();
        foreach (var rune in JsonFields.Text(root, "given_name").EnumerateRunes())
        {
            if (Rune.IsControl(rune)) continue;
            if (name.Length + rune.Utf16SequenceLength > NameCharsMax) break;
            name.Append(rune);
        }

        return name.ToString().Trim();
    }
}
