using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Client;

/// <summary>
/// Is told everything that a till receives, in order, on the thread that reads the connection: be quick, do not throw.
/// Timestamps are of the till's <see cref="TimeProvider"/>, taken when the bytes arrived.
/// </summary>
public interface ITillObserver
{
    void OnConnected(Till till, Welcome welcome, long receivedAt)
    {
    }

    void OnView(Till till, ViewPayload view, long receivedAt)
    {
    }

    void OnReply(Till till, uint number, Reply reply, long receivedAt)
    {
    }

    void OnBusy(Till till, uint number, TimeSpan retryAfter, long receivedAt)
    {
    }

    void OnError(Till till, uint number, Error error, long receivedAt)
    {
    }

    /// <param name="end">Why; another session follows unless the till is stopped.</param>
    void OnDisconnected(Till till, SessionEnd end)
    {
    }
}
