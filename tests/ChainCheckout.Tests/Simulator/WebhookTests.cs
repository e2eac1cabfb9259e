using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Webhooks;

namespace ChainCheckout.Tests.Simulator;

[Collection(nameof(Timing))]
public sealed class WebhookTests
{
    private static readonly string[] Three =
        ["epayments.payment.created.v1", "epayments.payment.authorized.v1", "epayments.payment.captured.v1"];

    [Fact]
    public void Signature_PublishedSample_IsTheSame()
    {
        const string secret =
            "A0+AeKBRG2KRGvnNwJpQlb6IJFk48CKXCIcrLoHncVJKDILsQSxS6NWCccwWm6r6FhGKhiHTBsG2wo/xU6FY/A==";
        var body = Encoding.UTF8.GetBytes(
            """{"some-unique-content":"ee6e441b-cc4a-46f8-895d-a5af79bcc233/hello-world"}""");

        var hash = WebhookSignature.HashOf(body);
        var signed = WebhookSignature.Authorization(
            secret, "/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63", "Thu, 30 Mar 2023 08:38:32 GMT", "webhook.site", hash);

        Assert.Equal("lNlsp1XA03N34HrQsVzPgJKtC+r7l/RBF4V3JQUWMj4=", hash);
        Assert.Equal(
            "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256"
                + "&Signature=agAiSyogQbDHpeucoNwYz+yAr5nJ+v+zasdkSbqzv+U=",
            signed);
    }

    [Fact]
    public void RetryTable_WaitsByTheVendorsNumbers_AndEndsAfterSevenDays()
    {
        var waits = new List<TimeSpan>();
        var age = TimeSpan.Zero;
        while (RetryTable.WaitBefore(waits.Count + 1, age) is { } wait)
        {
            waits.Add(wait);
            age += wait;
        }

        Assert.All(waits.Take(4), wait => Assert.Equal(TimeSpan.FromSeconds(2), wait));
        Assert.Equal([TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120)], waits.Skip(4).Take(2));
        Assert.All(waits.Skip(6).Take(23), wait => Assert.Equal(TimeSpan.FromHours(1), wait));
        Assert.All(waits.Skip(29), wait => Assert.Equal(TimeSpan.FromDays(1), wait));
        Assert.InRange(age, TimeSpan.FromDays(6), TimeSpan.FromDays(7));
    }

    [Fact]
    public async Task Delivery_IsSignedForTheRegisteredUrl_AndTellsTheEvent()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var merchant = Start();
        var secret = Register(merchant, receiver.Url, Three);
        merchant.Create("s041-t04-000123", key: "k-1");

        var received = await receiver.ExpectAsync(2);

        Assert.Equal(["CREATED", "AUTHORIZED"], received.Select(one => one.Name));
        Assert.All(received, one =>
        {
            var url = new Uri(receiver.Url);
            var hash = Convert.ToBase64String(SHA256.HashData(one.Body));
            var text = $"POST\n{url.PathAndQuery}\n{one.Date};{url.Authority};{hash}";
            var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
            Assert.EndsWith($"&Signature={Convert.ToBase64String(mac)}", one.Authorization, StringComparison.Ordinal);
            Assert.Equal((url.Authority, url.PathAndQuery), (one.Host, one.Path));
        });
        Assert.Equal("k-1", (string)received[0].Json["idempotencyKey"]!);
        Assert.Null(received[1].Json["idempotencyKey"]);
        Assert.Equal(
            (merchant.Msn, 20_000), ((string)received[1].Json["msn"]!, (int)received[1].Json["amount"]!["value"]!));
    }

    [Fact]
    public async Task Delivery_HeadFails_IsRetriedBeforeWhatFollows_AndOtherPaymentsGoOn()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var merchant = Start();
        var failures = 3;
        receiver.Answer = one =>
            one is { Reference: "s041-t04-000123", Name: "AUTHORIZED" } && Interlocked.Decrement(ref failures) >= 0
                ? 500
                : 200;
        Register(merchant, receiver.Url, Three);
        merchant.Create("s041-t04-000123");
        merchant.Capture("s041-t04-000123", 20_000);
        merchant.Create("s041-t04-000124");
        await receiver.ExpectAsync(4);
        Assert.DoesNotContain(receiver.All, one => one.Name == "CAPTURED");

        for (var tries = 2; tries <= 4; tries++)
        {
            await NotedAsync(merchant, "s041-t04-000123", "epayments.payment.authorized.v1", tries - 1);
            await Task.Delay(20);
            merchant.Time.Advance(TimeSpan.FromSeconds(2));
        }

        var blocked =
            (await receiver.ExpectAsync(8)).Where(one => one.Reference == "s041-t04-000123").Select(one => one.Name);
        Assert.Equal(["CREATED", "AUTHORIZED", "AUTHORIZED", "AUTHORIZED", "AUTHORIZED", "CAPTURED"], blocked);
        var tried = merchant.World.Ledger.Lines()
            .Where(line => line.Event == "epayments.payment.authorized.v1" && line.Reference == "s041-t04-000123");
        Assert.Equal(
            [(1, 500), (2, 500), (3, 500), (4, 200)], tried.Select(line => (line.Attempt!.Value, line.Status!.Value)));
    }

    [Fact]
    public void Lane_Emptied_IsLetGo_BecauseTheNextNoticeOpensItForAnyWorker()
    {
        var lanes = new Lanes(new Registration(Guid.NewGuid(), "123456", "c", new Uri("https://example.test"), "s", []));
        Notice Next() => new("lane", "123456", "s041-t04-000123", Three[0], () => []);
        lanes.Add(Next());
        lanes.Add(Next());

        Assert.True(lanes.Done("lane"));
        Assert.False(lanes.Done("lane"));
        lanes.Add(Next());

        Assert.True(lanes.Ready.TryRead(out _) && lanes.Ready.TryRead(out _));
        Assert.False(lanes.Ready.TryRead(out _));
    }

    [Fact]
    public async Task Delivery_ManyPaymentsAtOnce_EachEventOnceAndInOrder()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var merchant = Start();
        Register(merchant, receiver.Url, Three);
        var references = Enumerable.Range(0, 300).Select(i => $"s041-t04-{i:D6}").ToList();

        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = 4 };
        await Parallel.ForEachAsync(references, atOnce, async (reference, _) =>
        {
            merchant.Post("/epayment/v1/payments", Merchant.CreateBody(reference), $"create-{reference}");
            await Task.Delay(1, CancellationToken.None);
            merchant.Capture(reference, 20_000, $"capture-{reference}");
        });

        var received = await receiver.ExpectAsync(900);
        await Task.Delay(50);
        Assert.Equal(900, receiver.All.Count);
        Assert.Equal(0, merchant.World.WebhooksWaiting);
        Assert.All(received.GroupBy(one => one.Reference), payment =>
            Assert.Equal(["CREATED", "AUTHORIZED", "CAPTURED"], payment.Select(one => one.Name)));
    }

    [Fact]
    public async Task Delivery_NobodyListens_WaitsAndIsNotedWithStatus0()
    {
        await using var merchant = Start();
        Register(merchant, "http://127.0.0.1:9/hooks", Three);

        merchant.Create("s041-t04-000123");

        await NotedAsync(merchant, "s041-t04-000123", "epayments.payment.created.v1", 1);
        Assert.Equal(0, merchant.World.Ledger.Lines().Single(line => line.Kind == "webhookSent").Status);
        Assert.Equal(2, merchant.World.WebhooksWaiting);
    }

    [Theory]
    [InlineData(FaultKind.Duplicate, "CREATED CREATED")]
    [InlineData(FaultKind.Lose, "AUTHORIZED")]
    public async Task Delivery_UnderAFault_ComesTwiceOrNever(FaultKind kind, string expected)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var merchant = Start();
        merchant.World.Faults.Add(new FaultRule("webhookDelivery", kind, Times: 1));
        Register(merchant, receiver.Url, Three);

        merchant.Create("s041-t04-000123");

        var names = expected.Split(' ');
        Assert.Equal(names, (await receiver.ExpectAsync(names.Length)).Take(names.Length).Select(one => one.Name));
    }

    [Fact]
    public async Task Delivery_Reordered_ComesAfterWhatFollowedIt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var merchant = Start();
        merchant.World.Faults.Add(new FaultRule("webhookDelivery", FaultKind.Reorder, Times: 1));
        Register(merchant, receiver.Url, Three);
        merchant.Create("s041-t04-000123");
        await receiver.ExpectAsync(1);

        merchant.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["AUTHORIZED", "CREATED"], (await receiver.ExpectAsync(2)).Select(one => one.Name));
    }

    [Fact]
    public async Task Delivery_AnswerLost_ComesAgainAsADuplicate()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var merchant = Start();
        merchant.World.Faults.Add(new FaultRule("webhookDelivery", FaultKind.DropAnswer, Effect: true, Times: 1));
        Register(merchant, receiver.Url, ["epayments.payment.created.v1"]);
        merchant.Create("s041-t04-000123");
        await receiver.ExpectAsync(1);
        await NotedAsync(merchant, "s041-t04-000123", "epayments.payment.created.v1", 1);
        await Task.Delay(20);

        merchant.Time.Advance(TimeSpan.FromSeconds(2));

        var received = await receiver.ExpectAsync(2);
        Assert.Equal(received[0].Body, received[1].Body);
        Assert.NotEqual(received[0].Date, received[1].Date);
    }

    [Fact]
    public async Task Registration_ListedWithoutSecret_DeletedOnce()
    {
        await using var merchant = Start();
        var id = (string)Post(merchant, "https://example.test/hooks", Three).Json["id"]!;

        var listed = merchant.Send("GET", "/webhooks/v1/webhooks", null);

        Assert.Equal(id, (string)listed.Json["webhooks"]![0]!["id"]!);
        Assert.DoesNotContain("secret", listed.Text, StringComparison.Ordinal);
        Assert.Equal(204, merchant.Send("DELETE", $"/webhooks/v1/webhooks/{id}", null).Status);
        Assert.Equal(404, merchant.Send("DELETE", $"/webhooks/v1/webhooks/{id}", null).Status);
        Assert.Equal(400, merchant.Send("DELETE", "/webhooks/v1/webhooks/none", null).Status);
        Assert.Empty(merchant.Send("GET", "/webhooks/v1/webhooks", null).Json["webhooks"]!.AsArray());
    }

    [Fact]
    public async Task Registration_The26thOfAnEvent_IsRefused()
    {
        await using var merchant = Start();
        for (var i = 0; i < 25; i++) Assert.Equal(201, Post(merchant, $"https://example.test/{i}", [Three[0]]).Status);

        Assert.Equal(400, Post(merchant, "https://example.test/26", [Three[0]]).Status);
        Assert.Equal(201, Post(merchant, "https://example.test/26", [Three[1]]).Status);
    }

    [Theory]
    [InlineData("http://example.test/hooks", true)]
    [InlineData("https://example.test:9000/hooks", true)]
    [InlineData("http://127.0.0.1:5000/hooks", false)]
    [InlineData("https://localhost/hooks", false)]
    [InlineData("/hooks", true)]
    public async Task Registration_AddressThatTheVendorDoesNotCall_IsRefused(string url, bool allowHttp)
    {
        await using var merchant = new Merchant(new SimulatorOptions { AllowHttpWebhooks = allowHttp });

        Assert.NotEmpty(Post(merchant, url, Three).Details("url"));
    }

    [Fact]
    public async Task Registration_UnknownEventOrField_IsRefused()
    {
        await using var merchant = Start();

        Assert.NotEmpty(Post(merchant, "https://example.test/", ["epayments.payment.paid.v1"]).Details("events"));
        var body = """{"url":"https://example.test/","events":["user.checked-in.v1"],"x":1}""";
        Assert.NotEmpty(merchant.Send("POST", "/webhooks/v1/webhooks", body).Details("x"));
    }

    private static Merchant Start() => new(new SimulatorOptions { AllowHttpWebhooks = true, WebhookWorkers = 4 });

    private static string Register(Merchant merchant, string url, string[] events) =>
        (string)Post(merchant, url, events).Json["secret"]!;

    private static Reply Post(Merchant merchant, string url, string[] events) => merchant.Post(
        "/webhooks/v1/webhooks",
        new JsonObject { ["url"] = url, ["events"] = new JsonArray([.. events.Select(name => (JsonNode)name)]) });

    private static async Task NotedAsync(Merchant merchant, string reference, string eventType, int attempt)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!merchant.World.Ledger.Lines().Any(IsIt)) await Task.Delay(10, patience.Token);

        bool IsIt(ChainCheckout.Simulator.Ledgers.LedgerLine line) =>
            line.Reference == reference && line.Event == eventType && line.Attempt == attempt;
    }
}
