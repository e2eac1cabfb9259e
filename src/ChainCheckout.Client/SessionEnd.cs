using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Client;

/// <summary>Why a till's session, or its attempt at one, is over.</summary>
public abstract record SessionEnd
{
    private SessionEnd()
    {
    }

    /// <summary>The connection broke, or never came to be.</summary>
    public sealed record Cut(Exception? Failure) : SessionEnd;

    /// <summary>The server said no: to the Hello, or to a session that is no longer the newest.</summary>
    public sealed record Refused(Error Error) : SessionEnd;

    public sealed record Dismissed(Goodbye Goodbye) : SessionEnd;

    /// <summary>An answer was due and did not come.</summary>
    public sealed record Silence : SessionEnd;

    public sealed record Stopped : SessionEnd;
}
