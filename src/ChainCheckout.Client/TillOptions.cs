using System.Net.Security;

namespace ChainCheckout.Client;

public sealed record TillOptions
{
    /// <summary>The epoch of the last Welcome before this process started; 0 if it was not kept.</summary>
    public uint LastEpoch { get; init; }

    /// <summary>The last number known to be applied before this process started; 0 if it was not kept.</summary>
    public uint LastAnswered { get; init; }

    /// <summary>First wait after a cut; doubled with every further one.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From Hello to Welcome.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A command without any answer for so long is asked again over a new session.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Name and version of the program, at most 64 characters, for the operator.</summary>
    public string? Software { get; init; }

    public ITillObserver? Observer { get; init; }
}

public sealed record TillConnectionOptions
{
    /// <summary>Null: no TLS.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Tills that one connection carries.</summary>
    public int ChannelsMax { get; init; } = 64;

    /// <summary>Bytes that may wait to be sent; more means that the server has stopped reading.</summary>
    public int OutboundBytesMax { get; init; } = 1_048_576;

    /// <summary>Until the first Welcome says otherwise.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until the first Welcome says otherwise.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);
}
