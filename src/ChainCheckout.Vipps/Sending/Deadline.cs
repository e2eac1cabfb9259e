namespace ChainCheckout.Vipps.Sending;

/// <summary>The end of one call: by time, or because the caller gave up. The two are told apart afterwards.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _callerGaveUp;

    public Deadline(TimeSpan timeout, TimeProvider clock, CancellationToken caller)
    {
        Caller = caller;
        _source = new CancellationTokenSource(timeout, clock);
        _callerGaveUp = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Caller { get; }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _callerGaveUp.Dispose();
        _source.Dispose();
    }
}
