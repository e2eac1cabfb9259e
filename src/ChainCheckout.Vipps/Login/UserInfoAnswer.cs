using System.Text.Json;

namespace ChainCheckout.Vipps.Login;

/// <summary>Reads userinfo: who, which number, and only those consents that were given.</summary>
internal static class UserInfoAnswer
{
    private const int SubCharsMax = 100;
    private const int NameCharsMax = 40;

    public static VippsResult<UserInfo> Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "sub") is not { Length: >= 1 and <= SubCharsMax } sub)
            return new VippsResult<UserInfo>.Unknown("answer without sub");
        var phone = Msisdn.TryParse(Text(root, "phone_number").TrimStart('+'), out var parsed) ? parsed : (Msisdn?)null;
        return new VippsResult<UserInfo>.Ok(new UserInfo(sub, phone, Name(Text(root, "given_name")), ConsentsOf(root)));
    }

    private static Consents ConsentsOf(JsonElement root)
    {
        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (Member(root, "delegatedConsents") is { } delegated) Collect(delegated, "consents", "accepted", given);

        // The newer form: check boxes on screens.
        if (Member(root, "flowResult") is { } flow && flow.TryGetProperty("screens", out var screens) && screens.ValueKind == JsonValueKind.Array)
        {
            foreach (var screen in screens.EnumerateArray()) Collect(screen, "elements", "checked", given);
        }

        return new Consents(given.Contains("email"), given.Contains("sms"), given.Contains("postal"));
    }

    private static void Collect(JsonElement from, string list, string flag, HashSet<string> given)
    {
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(list, out var all) || all.ValueKind != JsonValueKind.Array) return;
        foreach (var one in all.EnumerateArray())
        {
            if (one.ValueKind == JsonValueKind.Object && one.TryGetProperty(flag, out var isGiven) && isGiven.ValueKind == JsonValueKind.True)
                given.Add(Text(one, "id"));
        }
    }

    private static JsonElement? Member(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string Text(JsonElement from, string name) => !from.TryGetProperty(name, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    };

    private static string Name(string text) =>
        string.Concat(text.Where(character => !char.IsControl(character)).Take(NameCharsMax)).Trim();
}
