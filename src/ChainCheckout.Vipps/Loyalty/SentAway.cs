using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Loyalty;

/// <summary>
/// The customers that were sent away, each once. When the API is back they are told in the background, a few at a time
/// and no faster than their events find room. One that is not among them, or that cannot be told, comes by itself a
/// little later.
/// </summary>
internal sealed partial class SentAway(
    Func<CustomerId, CancellationToken, ValueTask> resume, Func<bool> isAway, Func<bool> hasRoom, TimeProvider clock,
    ILogger logger) : IDisposable
{
    public const int CustomersMax = 200_000;

    private const int AtOnce = 16;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private readonly HashSet<CustomerId> _known = [];
    private readonly Queue<CustomerId> _inOrder = new();
    private readonly CancellationTokenSource _stop = new();
    private bool _isTelling;

    public int Count
    {
        get
        {
            lock (_gate) return _inOrder.Count;
        }
    }

    public void Add(CustomerId customer)
    {
        lock (_gate)
        {
            if (_known.Count < CustomersMax && _known.Add(customer)) _inOrder.Enqueue(customer);
        }
    }

    /// <summary>Begins to tell them, unless that is under way. Never throws.</summary>
    public void CallBack()
    {
        lock (_gate)
        {
            if (_isTelling || _inOrder.Count == 0) return;
            _isTelling = true;
        }

        _ = TellAllAsync();
    }

    /// <summary>Not disposed of but cancelled: what is under way still looks at the token.</summary>
    public void Dispose() => _stop.Cancel();

    private async Task TellAllAsync()
    {
        // Whoever brought the API back does not wait for this.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (TakeSome() is { Length: > 0 } some)
        {
            await Task.WhenAll(some.Select(TellAsync));
            while (!_stop.IsCancellationRequested && !isAway() && !hasRoom())
                await Task.Delay(LookAgain, clock, CancellationToken.None);
        }
    }

    /// <summary>None when all are told, when the API has gone again, and when the process stops.</summary>
    private CustomerId[] TakeSome()
    {
        lock (_gate)
        {
            var count = _stop.IsCancellationRequested || isAway() ? 0 : Math.Min(AtOnce, _inOrder.Count);
            var some = new CustomerId[count];
            for (var i = 0; i < count; i++) _known.Remove(some[i] = _inOrder.Dequeue());
            _isTelling = count > 0;
            return some;
        }
    }

    private async Task TellAsync(CustomerId customer)
    {
        try
        {
            await resume(customer, _stop.Token);
        }
        catch (Exception failure)
        {
            LogNotTold(failure, customer);
        }
    }

    [LoggerMessage(3203, LogLevel.Debug, "Customer {Customer} could not be told that the Loyalty API is back")]
    private partial void LogNotTold(Exception failure, CustomerId customer);
}
