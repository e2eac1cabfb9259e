using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.Mutants;

namespace ChainCheckout.Simulation.Vipps;

/// <summary>
/// Webhooks on their way: lost, twice, in another order, days late; sent again while nobody takes them. Also what is
/// registered to get them.
/// </summary>
internal sealed class Webhooks(World world)
{
    private const int TriesMax = 6;

    private readonly List<(Msn Msn, WebhookRegistration Registration)> _registered = [];
    private int _ids;

    public IEnumerable<WebhookRegistration> Of(Msn msn) => _registered.Where(one => one.Msn == msn).Select(one => one.Registration);

    public WebhookRegistered Register(Msn msn, string url, ImmutableArray<string> events)
    {
        var id = $"hook-{++_ids}";
        _registered.Add((msn, new WebhookRegistration(id, url, events)));
        return new WebhookRegistered(id, new Secret($"secret of {id}"));
    }

    public void Delete(string id) => _registered.RemoveAll(one => one.Registration.Id == id);

    public void Send(Msn msn, PaymentReference reference, EffectKind kind)
    {
        var name = NameOf(kind);
        if (name is null) return;
        Post(() => HandOverAsync(msn, reference, name));
    }

    /// <summary>A login has been answered.</summary>
    public void Ping(LoginId login)
    {
        if (world.Faults.Strikes(FaultKind.PingLost)) return;
        var times = world.Faults.Strikes(FaultKind.PingTwice) ? 3 : 1;
        for (var i = 0; i < times; i++)
            world.Schedule.After(world.Chance.Seconds(0.05, 2), () => _ = DeliverAsync(() => AnyNode().Actors.SendAsync(login, new LoginMessage.Ping()).AsTask(), 1));
    }

    private void Post(Func<Task> handOver)
    {
        if (world.Faults.Strikes(FaultKind.WebhookLost)) return;
        var times = world.Faults.Strikes(FaultKind.WebhookTwice) ? world.Chance.Between(2, 4) : 1;
        for (var i = 0; i < times; i++)
        {
            var delay = world.Faults.Strikes(FaultKind.WebhookDaysLate) ? TimeSpan.FromHours(world.Chance.Between(2, 167))
                : world.Faults.Strikes(FaultKind.WebhookLate) ? world.Chance.Seconds(5, 900)
                : world.Faults.Strikes(FaultKind.WebhookEarly) ? TimeSpan.Zero
                : world.Chance.Seconds(0.1, 3);
            world.Schedule.After(delay, () => _ = DeliverAsync(handOver, 1));
        }
    }

    private async Task DeliverAsync(Func<Task> handOver, int tries)
    {
        try
        {
            await handOver();
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or StorageConflictException or ActorStoppedException)
        {
            // 503: it comes again, later each time.
            if (tries < TriesMax) world.Schedule.After(TimeSpan.FromSeconds(5 << tries), () => _ = DeliverAsync(handOver, tries + 1));
        }
    }

    private async Task HandOverAsync(Msn msn, PaymentReference reference, string name)
    {
        var node = AnyNode();
        if (world.Bugs.Is(Mutant.WebhookActsByItself) && name == "AUTHORIZED") await world.Bugs.ActAsync(node, reference);
        if (world.Bugs.Is(Mutant.CaptureOnWebhookAlone) && name == "AUTHORIZED") await world.Bugs.BelieveAsync(node, reference);
        if (await node.Actors.SendAsync(reference, new PaymentMessage.Hint(name)) is PaymentReply.UnheardOf)
            await node.Actors.SendAsync(msn, new SalesUnitMessage.Park(reference.ToString(), name));
    }

    private Node AnyNode() => world.Chance.Pick(world.Nodes);

    private static string? NameOf(EffectKind kind) => kind switch
    {
        EffectKind.Approved => "AUTHORIZED",
        EffectKind.Aborted => "ABORTED",
        EffectKind.Expired => "EXPIRED",
        EffectKind.Terminated => "TERMINATED",
        EffectKind.Cancelled => "CANCELLED",
        EffectKind.Captured => "CAPTURED",
        EffectKind.Refunded => "REFUNDED",
        _ => null,
    };
}
