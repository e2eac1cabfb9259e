namespace ChainCheckout.Standalone;

/// <summary>A child's lifeline: a token that is cancelled when whoever started it closes its input, or is
/// gone.</summary>
public static class InputEnd
{
    /// <summary>The option with which a program is started as somebody's child.</summary>
    public const string Option = "--ends-with-input";

    public static CancellationTokenSource Link(bool isAsked, CancellationToken cancellation)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (isAsked) _ = WatchAsync(end);
        return end;
    }

    private static async Task WatchAsync(CancellationTokenSource end)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (await input.ReadAsync(buffer) > 0)
        {
        }

        await end.CancelAsync();
    }
}
