using System.Collections.Concurrent;
using ChainCheckout.Client;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Tests.Client;

internal sealed class Recorder : ITillObserver
{
    public ConcurrentQueue<string> Stages { get; } = [];

    public ConcurrentQueue<TimeSpan> Busies { get; } = [];

    public ConcurrentQueue<string> Errors { get; } = [];

    public ConcurrentQueue<SessionEnd> Ends { get; } = [];

    public void OnView(Till till, ViewPayload view, long receivedAt) => Stages.Enqueue(view.Stage);

    public void OnBusy(Till till, uint number, TimeSpan retryAfter, long receivedAt) => Busies.Enqueue(retryAfter);

    public void OnError(Till till, uint number, Error error, long receivedAt) => Errors.Enqueue(error.Code);

    public void OnDisconnected(Till till, SessionEnd end)
    {
        if (end is not SessionEnd.Stopped) Ends.Enqueue(end);
    }
}
