using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Client;

/// <summary>How a command ended.</summary>
/// <param name="Number">The number that it was sent under.</param>
/// <param name="AskedAt">Timestamp of the till's clock when the command was given to it.</param>
/// <param name="ReceivedAt">Timestamp of the till's clock when its end was known.</param>
public abstract record TillReply(uint Number, long AskedAt, long ReceivedAt)
{
    public bool IsDone => this is Answered { Reply.Status: ReplyStatus.Done };

    public abstract string Code { get; }

    /// <summary>
    /// A view below this version does not know of the command yet: replies and views may overtake each other. 0 where that is not said.
    /// </summary>
    public long View => this is Answered { Reply.View: { } view } ? view : 0;

    /// <summary>The server applied or refused it, and will say the same whenever it is asked again.</summary>
    public sealed record Answered(uint Number, long AskedAt, long ReceivedAt, Reply Reply)
        : TillReply(Number, AskedAt, ReceivedAt)
    {
        public override string Code => Reply.Code;
    }

    /// <summary>It never became a command: nothing happened and no number was consumed.</summary>
    public sealed record Rejected(uint Number, long AskedAt, long ReceivedAt, Error Error)
        : TillReply(Number, AskedAt, ReceivedAt)
    {
        public override string Code => Error.Code;
    }

    /// <summary>
    /// After a reconnect the server's numbering was elsewhere: one of the two lost state, or a twin of this till
    /// went on. Whether the command took effect, only the view can tell.
    /// </summary>
    public sealed record Unknown(uint Number, long AskedAt, long ReceivedAt) : TillReply(Number, AskedAt, ReceivedAt)
    {
        public override string Code => "Unknown";
    }
}

/// <summary>The server will not have this till: unknown, wrong secret, no common version.</summary>
public sealed class TillRefusedException(Error error) : Exception($"The server refused the till: {error.Code}.")
{
    public Error Error { get; } = error;
}
