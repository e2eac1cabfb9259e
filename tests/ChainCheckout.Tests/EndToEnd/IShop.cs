using ChainCheckout.Simulator;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>A chain's servers, however many and of whatever kind, beside a simulated Vipps.</summary>
internal interface IShop
{
    SimulatorHost Vipps { get; }
}

/// <summary>What Vipps knows of a payment.</summary>
internal static class VippsBooks
{
    /// <summary>What Vipps has done to one payment.</summary>
    public static IReadOnlyList<LedgerLine> Ledger(this IShop shop, string reference, string kind) =>
        [.. shop.Vipps.Ledger.Lines().Where(line => line.Kind == kind && line.Reference == reference)];

    /// <summary>How often a fault has struck this payment.</summary>
    public static int Struck(this IShop shop, string reference) =>
        shop.Vipps.World.Faults.All().Where(one => one.Rule.Reference == reference).Sum(one => one.Struck);

    /// <summary>The customer approves, as soon as Vipps has asked.</summary>
    public static Task ApprovedAsync(this IShop shop, string reference, string msn = ShopSettings.Msn) =>
        Wait.UntilAsync(() => shop.Vipps.World.Approve(msn, reference), $"a customer who is asked to pay {reference}");

    public static Payment? AtVipps(this IShop shop, string reference, string msn = ShopSettings.Msn) => shop.Vipps.World.Find(msn, reference);
}
