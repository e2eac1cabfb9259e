using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Commands;

/// <summary>A stored payment in words.</summary>
public static class StoryText
{
    public static IEnumerable<string> Lines(Story story)
    {
        yield return $"payment {story.Reference} of sale {story.SaleId}, sales unit {story.Msn}: " +
            $"{Money(story.AmountMinor, story.Currency)}, {Stage(story)}";
        if (story.Timeline.Count > 0)
        {
            var begun = story.Timeline[0].At;
            yield return $"  begun {begun.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff} UTC";
            foreach (var line in story.Timeline)
                yield return $"{(line.At - begun).TotalMilliseconds,12:F0} ms  " +
                    $"{line.What}{(line.By is null ? "" : $" ({line.By})")}";
        }

        foreach (var refund in story.Refunds)
            yield return $"  refund {Money(refund.AmountMinor, story.Currency)} by {refund.By}, {refund.Why}: " +
                $"{refund.Stage.ToLowerInvariant()}";
    }

    private static string Stage(Story story) => story.Stage switch
    {
        "creating" => "being sent to Vipps",
        "waiting" => "waiting for the customer",
        "capturing" => "approved, being captured",
        "captured" when story.RefundedMinor > 0 => $"paid, {Money(story.RefundedMinor, story.Currency)} given back",
        "captured" => "paid",
        "cancelling" => "being cancelled",
        "givingBack" => "captured after it was given up, being given back",
        "unpaid" => $"not paid ({story.Reason})",
        "rebuilding" => "being looked up at Vipps",
        "stopped" => "stopped: a person has to look",
        var other => other,
    };

    private static string Money(long minor, string currency) => $"{minor / 100m:F2} {currency}";
}
