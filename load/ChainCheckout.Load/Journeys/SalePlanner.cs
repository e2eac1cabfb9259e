using System.Globalization;
using ChainCheckout.Load.Chance;
using ChainCheckout.Load.Crowds;
using ChainCheckout.Protocol.Commands;

namespace ChainCheckout.Load.Journeys;

/// <summary>Plans the sales of one till. Its customers are its own: nobody stands at two tills at once.</summary>
public sealed class SalePlanner(int store, int till, IReadOnlyList<Shopper> shoppers, SaleDecks decks, Random random)
{
    private static readonly (string Name, int TaxRate)[] Wares =
    [
        ("Kaffe", 1_500), ("Brød", 1_500), ("Ost", 1_500), ("Lue", 2_500), ("Votter", 2_500), ("Lommelykt", 2_500),
    ];

    private int _sales;

    public SalePlan Next()
    {
        var number = ++_sales;
        var introduction = decks.DrawIntroduction();
        var isByScanner = introduction != Introduction.Number && decks.DrawIsByScanner();
        var lines = Lines();
        var amount = lines.Sum(line => line.TotalMinor);
        var shopper = shoppers[(number - 1) % shoppers.Count];
        return new SalePlan(
            string.Create(CultureInfo.InvariantCulture, $"{store}-{till}-{number}"),
            shopper,
            introduction,
            isByScanner,
            decks.DrawEnding(),
            amount,
            lines,
            Between(50, 700),
            Between(20, 700),
            decks.DrawIsRefunded() ? random.NextInt64(100, (amount / 2) + 1) : 0,
            Between(100, 800))
        {
            Join = shopper.Belonging == Belonging.Asked && number <= shoppers.Count
                ? new JoinPlan(decks.DrawLogin(), Between(50, 700), decks.DrawPaysMeanwhile())
                : null,
        };
    }

    /// <summary>A sale that comes to a push and to no money: the cashier cancels it at once.</summary>
    public SalePlan Trial(Shopper trier, int number)
    {
        var lines = Lines();
        return new SalePlan(
            string.Create(CultureInfo.InvariantCulture, $"trial-{store}-{till}-{number}"),
            trier,
            number % 2 == 0 ? Introduction.Token : Introduction.Clear,
            IsByScanner: number % 8 == 7,
            Ending.Cancel,
            lines.Sum(line => line.TotalMinor),
            lines,
            CustomerTakes: TimeSpan.Zero,
            CashierTakes: TimeSpan.FromMilliseconds(5),
            RefundMinor: 0,
            RefundAfter: TimeSpan.Zero);
    }

    private SaleLine[] Lines()
    {
        var lines = new SaleLine[random.Next(1, 6)];
        for (var i = 0; i < lines.Length; i++)
        {
            var ware = random.Next(Wares.Length);
            var id = string.Create(CultureInfo.InvariantCulture, $"ware-{ware}");
            lines[i] = new SaleLine(id, Wares[ware].Name, random.NextInt64(990, 39_900), Wares[ware].TaxRate);
        }

        return lines;
    }

    private TimeSpan Between(int fromMs, int toMs) => TimeSpan.FromMilliseconds(random.Next(fromMs, toMs));
}
