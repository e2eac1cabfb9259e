using System.Text.Json.Serialization;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Simulator.Customers;

[JsonConverter(typeof(CamelCaseEnum<CustomerAnswer>))]
public enum CustomerAnswer
{
    Approve = 1,
    Refuse = 2,

    /// <summary>Does nothing: the payment expires.</summary>
    Ignore = 3,

    /// <summary>Approves half a simulated second before the expiry.</summary>
    LastSecond = 4,

    /// <summary>Waits for a hand: the control API, or the vendor's force approve.</summary>
    Manual = 5,

    /// <summary>Is no payer at all: a creation is refused with 7010.</summary>
    NotAUser = 6,
}

[JsonConverter(typeof(CamelCaseEnum<Script>))]
public enum Script
{
    /// <summary>Everybody approves at once, without any delay.</summary>
    Prompt = 1,

    /// <summary>As people are: most approve in seconds, some refuse, ignore, or come at the last moment.</summary>
    Mixed = 2,
}

/// <summary>What one customer was told by hand to do with the pushes to come.</summary>
/// <param name="After">Simulated time between the push and the answer.</param>
public sealed record HandScript(CustomerAnswer Answer, TimeSpan After);

/// <summary>What a customer does with a push. The same seed and reference always give the same answer.</summary>
internal static class Scripts
{
    private static readonly TimeSpan BeforeExpiry = TimeSpan.FromMilliseconds(500);

    /// <returns>Null = nothing, until a hand or the expiry does.</returns>
    public static PlannedAnswer? Plan(PaymentOrder order, Script script, int seed, HandScript? byHand)
    {
        if (order.UserFlow != "PUSH_MESSAGE") return null;
        if (byHand is not null) return Planned(byHand.Answer, byHand.After, order);
        if (script == Script.Prompt) return Planned(CustomerAnswer.Approve, TimeSpan.Zero, order);
        var drawn = Mix.Of(seed, order.Reference);
        var (answer, after) = Mixed(drawn);
        return Planned(answer, after, order);
    }

    /// <summary>
    /// 80 % approve after 2–15 s, 8 % refuse after 3–20 s, 4 % ignore, 4 % last second, 4 % approve after 60–180 s.
    /// </summary>
    internal static (CustomerAnswer Answer, TimeSpan After) Mixed(ulong drawn)
    {
        var fraction = Mix.Fraction(Mix.Of(1, drawn));
        return (drawn % 100) switch
        {
            < 80 => (CustomerAnswer.Approve, Between(2, 15, fraction)),
            < 88 => (CustomerAnswer.Refuse, Between(3, 20, fraction)),
            < 92 => (CustomerAnswer.Ignore, TimeSpan.Zero),
            < 96 => (CustomerAnswer.LastSecond, TimeSpan.Zero),
            _ => (CustomerAnswer.Approve, Between(60, 180, fraction)),
        };
    }

    private static PlannedAnswer? Planned(CustomerAnswer answer, TimeSpan after, PaymentOrder order) => answer switch
    {
        CustomerAnswer.Approve => new PlannedAnswer(true, order.CreatedAt + after),
        CustomerAnswer.Refuse => new PlannedAnswer(false, order.CreatedAt + after),
        CustomerAnswer.LastSecond => new PlannedAnswer(true, order.ExpiresAt - BeforeExpiry),
        _ => null,
    };

    private static TimeSpan Between(double fromSeconds, double toSeconds, double fraction) =>
        TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * fraction));
}
