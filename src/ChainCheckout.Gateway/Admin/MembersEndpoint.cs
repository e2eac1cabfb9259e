using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Values;
using Microsoft.AspNetCore.Http;

namespace ChainCheckout.Gateway.Admin;

/// <summary>
/// Members and dead letters, for operators. A phone number comes in a body, never in an address, and goes out nowhere.
/// </summary>
public sealed class MembersEndpoint(IActors actors, IActorStorage storage, ChainSecret secret, TimeProvider clock)
{
    public const int RowsMax = 1_000;

    private const int AtOnce = 64;
    private const int PageMax = 1_000;
    private static readonly TimeSpan MoveWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MoveAsk = TimeSpan.FromMilliseconds(50);

    public Task HandleAsync(HttpContext context, string method, string[] parts) => (method, parts) switch
    {
        ("POST", [_, "members", "import"]) => ImportAsync(context),
        ("POST", [_, "members", "erase"]) => EraseAsync(context),
        ("POST", [_, "members", "move"]) => MoveAsync(context),
        ("POST", [_, "members", "show"]) => ShowAsync(context),
        ("POST", [_, "members", "publish"]) => PublishAsync(context),
        ("GET", [_, "letters"]) => LettersAsync(context),
        ("POST", [_, "letters", var customer, var letter, "replay"]) =>
            LetterAsync(context, customer, new CustomerMessage.ReplayLetter(letter)),
        ("POST", [_, "letters", var customer, var letter, "drop"]) => LetterAsync(context, customer, new CustomerMessage.DropLetter(letter)),
        ("GET", [_, "loyalty"]) => BacklogAsync(context),
        _ => AdminEndpoint.NotFoundAsync(context, "no such page"),
    };

    private async Task ImportAsync(HttpContext context)
    {
        if (await ReadAsync(context, AdminJson.Default.MemberRowArray) is not { Length: <= RowsMax } rows || Array.Exists(rows, row => row is null))
        {
            await BadAsync(context, $"the body must be an array of at most {RowsMax} rows");
            return;
        }

        var refused = new ConcurrentBag<RefusedRow>();
        int imported = 0, unchanged = 0;
        var limit = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = context.RequestAborted };
        await Parallel.ForEachAsync(rows, limit, async (row, stop) =>
        {
            if (!Msisdn.TryParse(row.Phone, out var phone))
            {
                refused.Add(new RefusedRow(row.Line, "phone is not a number of Norway, Denmark, Finland or Sweden"));
                return;
            }

            var message = new CustomerMessage.Import(
                phone, row.MemberId, row.JoinedOn, row.Points, new Consents(row.AcceptsEmail, row.AcceptsSms, row.AcceptsPostal));
            switch (await actors.SendAsync(secret.Pseudonym(phone), message, stop))
            {
                case CustomerReply.Done:
                    Interlocked.Increment(ref imported);
                    break;
                case CustomerReply.Unchanged:
                    Interlocked.Increment(ref unchanged);
                    break;
                case CustomerReply.Refused { Code: "OutOfRange" }:
                    refused.Add(new RefusedRow(row.Line, $"memberId must have 1 to {CustomerSettings.MemberIdCharsMax} characters, points must be 0 to {CustomerSettings.PointsMax}"));
                    break;
                default:
                    refused.Add(new RefusedRow(row.Line, "phone belongs to another member"));
                    break;
            }
        });
        await AdminEndpoint.WriteAsync(
            context, new ImportSums(imported, unchanged, [.. refused.OrderBy(row => row.Line)]), AdminJson.Default.ImportSums);
    }

    private async Task EraseAsync(HttpContext context)
    {
        if (await PhoneAsync(context) is not { } phone) return;
        var reply = await actors.SendAsync(secret.Pseudonym(phone), new CustomerMessage.Erase(Chance()), context.RequestAborted);
        await SayAsync(context, reply switch
        {
            CustomerReply.Done => "erased",
            CustomerReply.Refused refused => refused.Code,
            _ => "unknown",
        });
    }

    private async Task PublishAsync(HttpContext context)
    {
        if (await ReadAsync(context, AdminJson.Default.PublishBody) is not { } body || !Msisdn.TryParse(body.Phone, out var phone))
        {
            await BadAsync(context, "phone must be digits with country code");
            return;
        }

        var reply = await actors.SendAsync(secret.Pseudonym(phone), new CustomerMessage.Seed(body.IsNew, Chance()), context.RequestAborted);
        await SayAsync(context, reply is CustomerReply.Refused refused ? refused.Code : "published");
    }

    private async Task MoveAsync(HttpContext context)
    {
        if (await ReadAsync(context, AdminJson.Default.MoveBody) is not { } body
            || !Msisdn.TryParse(body.From, out var from) || !Msisdn.TryParse(body.To, out var to) || from == to)
        {
            await BadAsync(context, "from and to must be two phone numbers, digits with country code");
            return;
        }

        var old = secret.Pseudonym(from);
        if (await actors.SendAsync(old, new CustomerMessage.Move(secret.Pseudonym(to), to, Chance()), context.RequestAborted) is CustomerReply.Refused refused)
        {
            await SayAsync(context, refused.Code);
            return;
        }

        for (var begun = clock.GetTimestamp(); clock.GetElapsedTime(begun) < MoveWithin;)
        {
            if (await StateAsync(old, context.RequestAborted) is { Moving: null } state)
            {
                await SayAsync(context, state.Member is null ? "moved" : "OtherMember");
                return;
            }

            await Task.Delay(MoveAsk, clock, context.RequestAborted);
        }

        await SayAsync(context, "underWay");
    }

    private async Task ShowAsync(HttpContext context)
    {
        if (await PhoneAsync(context) is not { } phone) return;
        var id = secret.Pseudonym(phone);
        var state = await StateAsync(id, context.RequestAborted);
        var member = state.Member;
        var now = new MemberNow(
            id.ToString(), member?.MemberId, member?.JoinedOn, member?.Points ?? 0, member?.Stamps ?? 0,
            member?.Coupons.Length ?? 0, member?.BonusChecks.Length ?? 0, state.EventsOwed.Length, state.LettersKept.Length);
        await AdminEndpoint.WriteAsync(context, now, AdminJson.Default.MemberNow);
    }

    private async Task LettersAsync(HttpContext context)
    {
        var letters = new List<Letter>();
        await foreach (var id in FlaggedAsync(ActorFlags.DeadLetter, context.RequestAborted))
        {
            var state = await StateAsync(id, context.RequestAborted);
            letters.AddRange(state.LettersKept.Select(letter => new Letter(
                $"{id}/{letter.Id}", letter.At, letter.Why, letter.Event?.Content.GetType().Name, letter.Event?.MemberId)));
        }

        await AdminEndpoint.WriteAsync(context, [.. letters], AdminJson.Default.LetterArray);
    }

    private async Task LetterAsync(HttpContext context, string customer, CustomerMessage message)
    {
        var reply = customer.Length == 32 && customer.All(char.IsAsciiHexDigitLower)
            ? await actors.SendAsync(new CustomerId(customer), message, context.RequestAborted)
            : new CustomerReply.Refused("NoSuchLetter");
        if (reply is CustomerReply.Refused { Code: var code })
        {
            await AdminEndpoint.NotFoundAsync(context, code switch
            {
                "NothingToReplay" => "this letter is a sale that came too late: it can only be dropped",
                "NoLongerSo" => "what this letter tells is no longer so: it can only be dropped",
                "NotPublished" => "this chain publishes nothing: Vipps:Loyalty:MerchantSerialNumber is empty",
                "Moving" => "this member is on the way to another number: try again in a while",
                _ => "there is no such letter",
            });
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Asked of the actors: what they have told Vipps since is not in storage yet.</summary>
    private async Task BacklogAsync(HttpContext context)
    {
        int customers = 0, events = 0, letters = 0;
        await foreach (var id in FlaggedAsync(ActorFlags.Unpublished | ActorFlags.DeadLetter, context.RequestAborted))
        {
            var state = await StateAsync(id, context.RequestAborted);
            if (!state.EventsOwed.IsEmpty) customers++;
            events += state.EventsOwed.Length;
            letters += state.LettersKept.Length;
        }

        await AdminEndpoint.WriteAsync(context, new LoyaltyBacklog(customers, events, letters), AdminJson.Default.LoyaltyBacklog);
    }

    private async IAsyncEnumerable<CustomerId> FlaggedAsync(
        ActorFlags any, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (ActorId? after = null; ;)
        {
            var page = await storage.FlaggedAsync(any, PageMax, after, cancellation);
            foreach (var one in page.Where(one => one.Id.Kind == ActorKind.Customer)) yield return new CustomerId(one.Id.Key);
            if (page.Count < PageMax) yield break;
            after = page[^1].Id;
        }
    }

    private async ValueTask<CustomerState> StateAsync(CustomerId id, CancellationToken cancellation) =>
        ((CustomerReply.Story)await actors.SendAsync(id, new CustomerMessage.Tell(), cancellation)).State;

    private static async Task<Msisdn?> PhoneAsync(HttpContext context)
    {
        if (await ReadAsync(context, AdminJson.Default.PhoneBody) is { } body && Msisdn.TryParse(body.Phone, out var phone)) return phone;
        await BadAsync(context, "phone must be digits with country code");
        return null;
    }

    private static string Chance() => RandomNumberGenerator.GetHexString(10, lowercase: true);

    private static async Task<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted);
        }
        catch (JsonException)
        {
            // Its message may quote a number.
            return null;
        }
    }

    private static Task SayAsync(HttpContext context, string result) =>
        AdminEndpoint.WriteAsync(context, new MemberResult(result), AdminJson.Default.MemberResult);

    private static Task BadAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
