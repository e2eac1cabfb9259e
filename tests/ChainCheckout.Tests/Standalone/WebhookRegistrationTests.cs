using System.Text.Json.Nodes;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Tests.EndToEnd;
using ChainCheckout.Tests.Gateway;

namespace ChainCheckout.Tests.Standalone;

[Collection(nameof(Timing))]
public sealed class WebhookRegistrationTests
{
    [Fact]
    public async Task TheFirstStart_RegistersOnceAndALaterOneNotAgain()
    {
        await using var shop = await Shop.OpenAsync();
        await SignedWebhook.SecretOfAsync(shop);

        await shop.RestartServerAsync();
        await shop.RestartServerAsync();
        var till = await shop.TillAsync();
        var reference = await till.SellsAsync(shop, "sale-1");
        await Shop.UntilAsync(() => Sent(shop, reference).Any(status => status == 200), "a webhook that is taken");

        Assert.Equal((1, 0), Counts(shop));
    }

    [Fact]
    public async Task ARegistrationWhoseAnswerIsLost_IsDeletedAndOneRemains()
    {
        await using var shop = await Shop.OpenAsync(start: false);
        // The first call is the list; the second one registers.
        shop.Vipps.World.Faults.Add(new FaultRule("webhooks", FaultKind.ResetMidBody, Times: 2));

        await shop.StartServerAsync();
        var secret = await SignedWebhook.SecretOfAsync(shop);

        var (registered, deleted) = Counts(shop);
        Assert.Equal(1, registered - deleted);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await SignedWebhook.PostAsync(shop, SignedWebhook.Body("s1-t1-1-1", "CAPTURED"), secret)).StatusCode);
    }

    [Fact]
    public async Task AServerThatDiedBetweenRegistrationAndItsAnswer_CleansUpAtTheNextStart()
    {
        await using var shop = await Shop.OpenAsync(start: false);
        var registering = new FaultRule("webhooks", FaultKind.DropAnswer, DelayMs: 1_500, Times: 3);
        shop.Vipps.World.Faults.Add(new FaultRule("webhooks", FaultKind.Delay, DelayMs: 1, Times: 1));
        shop.Vipps.World.Faults.Add(registering);
        await shop.StartServerAsync();
        await Shop.UntilAsync(() => Counts(shop).Registered == 1, "the registration at Vipps");

        await shop.StopServerAsync();
        shop.Vipps.World.Faults.Clear();
        await shop.StartServerAsync();
        await SignedWebhook.SecretOfAsync(shop);

        Assert.Equal((2, 1), Counts(shop));
    }

    [Fact]
    public async Task AChangedPublicAddress_IsRegisteredBeforeTheOldOneGoes()
    {
        await using var shop = await Shop.OpenAsync();
        await SignedWebhook.SecretOfAsync(shop);
        await shop.StopServerAsync();
        shop.Settings["Gateway"]!["Webhooks"]!["PublicAddress"] = $"http://localhost:{shop.WebhookPort}";
        await shop.WriteSettingsAsync();

        await shop.StartServerAsync();
        await Shop.UntilAsync(() => Counts(shop) == (2, 1), "the new one registered, the old one deleted");
        var till = await shop.TillAsync();
        var reference = await till.SellsAsync(shop, "sale-1");
        await Shop.UntilAsync(() => Sent(shop, reference).Any(status => status == 200), "a webhook at the new address");

        var kinds = shop.Vipps.Ledger.Lines().Select(line => line.Kind).Where(kind => kind.StartsWith("webhookR", StringComparison.Ordinal) || kind == "webhookDeleted");
        Assert.Equal(["webhookRegistered", "webhookRegistered", "webhookDeleted"], kinds);
    }

    [Fact]
    public async Task WithoutAPublicAddress_NothingIsRegisteredAndPollingPays()
    {
        await using var shop = await Shop.OpenAsync(change: settings => settings["Gateway"]!["Webhooks"]!["PublicAddress"] = "");
        var till = await shop.TillAsync();

        await till.SellsAsync(shop, "sale-1");

        Assert.Equal((0, 0), Counts(shop));
        Assert.Contains(shop.Logs.All, line => line.Id.Id == 4002);
    }

    private static (int Registered, int Deleted) Counts(Shop shop)
    {
        var lines = shop.Vipps.Ledger.Lines();
        return (lines.Count(line => line.Kind == "webhookRegistered"), lines.Count(line => line.Kind == "webhookDeleted"));
    }

    private static IEnumerable<int?> Sent(Shop shop, string reference) => shop.Ledger(reference, "webhookSent").Select(line => line.Status);
}
