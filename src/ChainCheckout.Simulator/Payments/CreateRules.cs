using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Schemas;

namespace ChainCheckout.Simulator.Payments;

/// <summary>
/// Judges a creation: its form by the schema, then what the schema cannot say, each with the vendor's code.
/// </summary>
internal sealed class CreateRules(QrCodes codes, CustomerBook customers)
{
    private static readonly string[] Scopes = ["openid", "name", "address", "email", "phoneNumber", "birthDate", "nin"];

    /// <returns>The order, or null and the refusal.</returns>
    public PaymentOrder? Judge(JsonElement body, SalesUnit unit, DateTimeOffset now, out Refusal? refusal)
    {
        var faults = new List<ExtraDetail>();
        PaymentSchemas.Create.Check(body, "", faults);
        if (faults.Count > 0)
        {
            refusal = Refusal.OfFields(faults);
            return null;
        }

        string? msisdn = null;
        var expiresAt = now + Limits.TimeToApprove;
        refusal = CheckAmount(body, unit)
            ?? CheckFlow(body, unit)
            ?? CheckUrls(body)
            ?? CheckScope(body)
            ?? CheckMetadata(body)
            ?? FindPayer(body, out msisdn)
            ?? CheckExpiry(body, unit, now, ref expiresAt);
        return refusal is null ? Order(body, unit, now, msisdn, expiresAt) : null;
    }

    /// <summary>Who a customer object names. Exactly one of its fields may be there.</summary>
    public Refusal? FindCustomer(JsonElement customer, out string? msisdn)
    {
        msisdn = null;
        if (customer.EnumerateObject().Count() != 1)
            return Refusal.OfField("customer", "Exactly one of phoneNumber, personalQr and customerToken must be set.");
        if (customer.TryGetProperty("customerToken", out _))
            return Refusal.Code("4050", "The customer token is not valid");
        if (customer.TryGetProperty("personalQr", out var code))
        {
            var text = code.GetString()!;
            msisdn = text.Length is >= 5 and <= 255 ? codes.Resolve(text)?.Msisdn : null;
            return msisdn is null ? Refusal.Code("4060", "The personal QR code is not valid") : null;
        }

        msisdn = customer.GetProperty("phoneNumber").GetString()!;
        if (!PaymentSchemas.IsMsisdn(msisdn)) return Refusal.Code("4070", "The phone number is not valid");
        return Population.IsMobile(msisdn) && customers.IsUser(msisdn)
            ? null
            : Refusal.Code("7010", "The user can not pay");
    }

    private static Refusal? CheckAmount(JsonElement body, SalesUnit unit)
    {
        var amount = body.GetProperty("amount");
        var currency = amount.GetProperty("currency").GetString()!;
        var value = amount.GetProperty("value").GetInt64();
        if (currency != unit.Currency) return Refusal.Code("5040", "The currency is not that of the sales unit");
        if (value < Limits.AmountMinorMin(currency)) return Refusal.Code("6010", "The amount is too small");
        return value > Limits.AmountMinorMax ? Refusal.Code("4040", "The amount is too high") : null;
    }

    private static Refusal? CheckFlow(JsonElement body, SalesUnit unit)
    {
        var flow = Text(body, "userFlow");
        var method = body.GetProperty("paymentMethod");
        var isCard = method.GetProperty("type").GetString() == "CARD";
        if (isCard && (flow != "WEB_REDIRECT" || body.TryGetProperty("receipt", out _)))
            return Refusal.Code("4160", "CARD needs WEB_REDIRECT and takes no receipt");
        if (method.TryGetProperty("blockedSources", out _) && unit.Currency == "NOK")
            return Refusal.Code("5010", "Blocked sources are not available in this market");
        if (flow == "PUSH_MESSAGE" && !unit.PushAllowed)
            return Refusal.Code("5080", "The sales unit may not use PUSH_MESSAGE");
        return flow == "WEB_REDIRECT" && Text(body, "returnUrl") is null
            ? Refusal.Code("4140", "WEB_REDIRECT needs a returnUrl")
            : null;
    }

    private static Refusal? CheckUrls(JsonElement body)
    {
        var urls = new List<string?> { Text(body, "returnUrl"), Text(body, "receiptUrl") };
        if (body.TryGetProperty("merchantLegalLinks", out var links))
            urls.AddRange([Text(links, "termsOfSaleUrl"), Text(links, "privacyPolicyUrl")]);
        return urls.All(url => url is null || IsHttpsOrApp(url))
            ? null
            : Refusal.Code("4090", "A URL is not https or an app's");
    }

    private static bool IsHttpsOrApp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed.Scheme != Uri.UriSchemeHttp
        && url.Contains("://", StringComparison.Ordinal);

    private static Refusal? CheckScope(JsonElement body)
    {
        if (ScopeOf(body) is not { } scope) return null;
        var asked = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return asked.Length > 0 && asked.All(Scopes.Contains) ? null : Refusal.Code("4080", "The scope is not valid");
    }

    private static Refusal? CheckMetadata(JsonElement body)
    {
        if (!body.TryGetProperty("metadata", out var metadata) || metadata.ValueKind == JsonValueKind.Null) return null;
        if (metadata.EnumerateObject().Count() > 5) return Refusal.Code("4100", "Metadata may have 5 pairs");
        foreach (var pair in metadata.EnumerateObject())
        {
            if (pair.Name.Length is 0 or > 100) return Refusal.Code("4110", "A metadata key is too long");
            if (pair.Value.ValueKind != JsonValueKind.String)
                return Refusal.Code("4130", "A metadata value must be a string");
            if (pair.Value.GetString()!.Length > 500) return Refusal.Code("4120", "A metadata value is too long");
        }

        return null;
    }

    private Refusal? FindPayer(JsonElement body, out string? msisdn)
    {
        msisdn = null;
        if (body.TryGetProperty("customer", out var customer)) return FindCustomer(customer, out msisdn);
        return Text(body, "userFlow") == "PUSH_MESSAGE" ? Refusal.Code("4140", "PUSH_MESSAGE needs a customer") : null;
    }

    private static Refusal? CheckExpiry(
        JsonElement body, SalesUnit unit, DateTimeOffset now, ref DateTimeOffset expiresAt)
    {
        if (Text(body, "expiresAt") is not { } text) return null;
        if (!unit.LongLivingAllowed) return Refusal.Code("5050", "The sales unit may not use long-living payments");
        if (Text(body, "userFlow") is not ("PUSH_MESSAGE" or "QR"))
            return Refusal.OfField("expiresAt", "Only with PUSH_MESSAGE and QR.");
        if (!body.TryGetProperty("receipt", out _))
            return Refusal.Code("6130", "A long-living payment needs a receipt");
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out expiresAt))
            return Refusal.OfField("expiresAt", "Must be an instant by RFC 3339.");
        if (expiresAt <= now + Limits.TimeToApprove)
            return Refusal.Code("6110", "The expiry is less than 10 minutes ahead");
        return expiresAt > now + Limits.ExpiryMax
            ? Refusal.Code("6120", "The expiry is more than 60 days ahead")
            : null;
    }

    private static PaymentOrder Order(
        JsonElement body, SalesUnit unit, DateTimeOffset now, string? msisdn, DateTimeOffset expiresAt)
    {
        var reference = Text(body, "reference")!;
        var flow = Text(body, "userFlow")!;
        return new PaymentOrder
        {
            Msn = unit.Msn,
            Reference = reference,
            Currency = unit.Currency,
            AmountMinor = body.GetProperty("amount").GetProperty("value").GetInt64(),
            UserFlow = flow,
            Method = body.GetProperty("paymentMethod").GetProperty("type").GetString()!,
            CreatedAt = now,
            ExpiresAt = expiresAt,
            Msisdn = msisdn,
            Scope = ScopeOf(body),
            RedirectUrl = RedirectUrl(flow, unit.Msn, reference),
            Metadata = MetadataOf(body),
        };
    }

    private static string? RedirectUrl(string flow, string msn, string reference) => flow switch
    {
        "PUSH_MESSAGE" => null,
        "NATIVE_REDIRECT" => $"vipps://token={msn}.{reference}",
        "QR" => $"https://qr-image.vipps.example/v1?token={msn}.{reference}",
        _ => $"https://landing.vipps.example?token={msn}.{reference}",
    };

    private static ImmutableSortedDictionary<string, string>? MetadataOf(JsonElement body) =>
        body.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.EnumerateObject().ToImmutableSortedDictionary(
                pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal)
            : null;

    private static string? ScopeOf(JsonElement body) =>
        body.TryGetProperty("profile", out var profile) ? Text(profile, "scope") : null;

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
