using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using Microsoft.AspNetCore.Http;

namespace ChainCheckout.Gateway.Admin;

/// <summary>What a server still lacks until tills may come, a line each; empty when it is ready.</summary>
public delegate IReadOnlyList<string> Missing();

/// <summary>
/// For operators, on loopback, with a token; health and metrics need none: they tell of nobody. Reads go to the actors, lists to the storage.
/// </summary>
public sealed class AdminEndpoint(
    IActors actors, IActorStorage storage, IStateCodec codec, Payment payment, GatewayOptions options, Func<Figures> figures, Missing missing,
    MembersEndpoint members, MetricsBoard metrics)
{
    private const int ListMax = 1_000;

    private readonly byte[] _token = Encoding.UTF8.GetBytes("Bearer " + options.Admin.Token);

    public async Task HandleAsync(HttpContext context)
    {
        var parts = PartsOf(context);
        if (OpenAsync(context, parts) is { } open)
        {
            await open;
            return;
        }

        var given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        if (!CryptographicOperations.FixedTimeEquals(given, _token))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        await RouteAsync(context, context.Request.Method, parts);
    }

    /// <summary>The pages without a token, for scrapers and probes of other machines.</summary>
    public Task HandleOpenAsync(HttpContext context) => OpenAsync(context, PartsOf(context)) ?? NotFoundAsync(context, "no such page");

    private static string[] PartsOf(HttpContext context) =>
        (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);

    private Task? OpenAsync(HttpContext context, string[] parts) => (context.Request.Method, parts) switch
    {
        (_, ["health", var what]) => HealthAsync(context, what),
        ("GET", ["metrics"]) => MetricsAsync(context),
        _ => null,
    };

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = MetricsBoard.ContentType;
        return metrics.WriteAsync(context.Response.Body, context.RequestAborted);
    }

    private Task HealthAsync(HttpContext context, string what)
    {
        var missed = what == "ready" ? missing() : [];
        context.Response.StatusCode = what is not ("live" or "ready") ? 404 : missed.Count == 0 ? 200 : 503;
        return context.Response.WriteAsync(string.Concat(missed.Select(one => one + "\n")), context.RequestAborted);
    }

    private Task RouteAsync(HttpContext context, string method, string[] parts) => (method, parts) switch
    {
        ("GET", ["admin", "payments", var reference]) => PaymentAsync(context, reference),
        ("GET", ["admin", "sales", var store, var till, var saleId]) => SaleAsync(context, store, till, saleId),
        ("GET", ["admin", "tills", var store, var till]) => TillAsync(context, store, till),
        ("POST", ["admin", "tills", var store, var till, "release"]) => ReleaseAsync(context, store, till),
        ("GET", ["admin", "flagged"]) => FlaggedAsync(context),
        ("GET", ["admin", "figures"]) => WriteAsync(context, figures(), AdminJson.Default.Figures),
        (_, ["admin", "members" or "letters" or "loyalty", ..]) => members.HandleAsync(context, method, parts),
        _ => NotFoundAsync(context, "no such page"),
    };

    private async Task PaymentAsync(HttpContext context, string text)
    {
        if (!PaymentReference.TryParse(text, out var reference))
        {
            await NotFoundAsync(context, "a reference looks like s42-t7-3-118");
            return;
        }

        var reply = await actors.SendAsync(reference, new PaymentMessage.Tell(), context.RequestAborted);
        if (reply is PaymentReply.Story { State: var state } && Story.Of(state) is { } story)
        {
            await WriteAsync(context, [story], AdminJson.Default.StoryArray);
            return;
        }

        await NotFoundAsync(context, "no payment is known under this reference: it never was, or it was settled more than 8 days ago");
    }

    /// <summary>Every attempt of a sale. Reads all payments of the till from storage: an operator's question, not a till's.</summary>
    private async Task SaleAsync(HttpContext context, string store, string till, string saleId)
    {
        if (!TryTill(store, till, out var id))
        {
            await NotFoundAsync(context, "a store is 1 to 9999, a till 1 to 99");
            return;
        }

        var prefix = string.Create(CultureInfo.InvariantCulture, $"s{id.Store}-t{id.Till}-");
        var json = payment.StateJson(codec);
        var stories = new List<Story>();
        await foreach (var (actor, stored) in storage.ReadAllAsync(ActorKind.Payment, context.RequestAborted))
        {
            if (!actor.Key.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (Story.Of(codec.Decode(stored.State, json)) is { } story && story.SaleId == saleId) stories.Add(story);
        }

        if (stories.Count == 0) await NotFoundAsync(context, "no payment of this sale is kept here");
        else await WriteAsync(context, [.. stories.OrderBy(story => story.Timeline[0].At)], AdminJson.Default.StoryArray);
    }

    private async Task TillAsync(HttpContext context, string store, string till)
    {
        if (TryTill(store, till, out var id) && await actors.SendAsync(id, new TillMessage.Tell(), context.RequestAborted) is TillReply.Told told)
        {
            var day = told.Today;
            var now = new TillNow(id.ToString(), told.Held, day.Paid, day.PaidMinor, day.Other, day.OtherMinor, day.Refunded, day.RefundedMinor);
            await WriteAsync(context, now, AdminJson.Default.TillNow);
            return;
        }

        await NotFoundAsync(context, "a store is 1 to 9999, a till 1 to 99");
    }

    private async Task ReleaseAsync(HttpContext context, string store, string till)
    {
        if (!TryTill(store, till, out var id))
        {
            await NotFoundAsync(context, "a store is 1 to 9999, a till 1 to 99");
            return;
        }

        await actors.SendAsync(id, new TillMessage.Release(), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task FlaggedAsync(HttpContext context)
    {
        const ActorFlags Any = ActorFlags.Alert | ActorFlags.UnknownOutcome | ActorFlags.DeadLetter | ActorFlags.PaidNotSeen | ActorFlags.Held;
        var flagged = await storage.FlaggedAsync(Any, ListMax, cancellation: context.RequestAborted);
        await WriteAsync(context, [.. flagged.Select(one => new Flagged(one.Id.ToString(), one.Flags.ToString()))], AdminJson.Default.FlaggedArray);
    }

    private static bool TryTill(string store, string till, out TillId id)
    {
        id = default;
        if (!int.TryParse(store, NumberStyles.None, CultureInfo.InvariantCulture, out var s)) return false;
        if (!int.TryParse(till, NumberStyles.None, CultureInfo.InvariantCulture, out var t) || !TillId.IsValid(s, t)) return false;
        id = new TillId(s, t);
        return true;
    }

    internal static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    internal static Task NotFoundAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
