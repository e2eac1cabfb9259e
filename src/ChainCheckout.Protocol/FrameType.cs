namespace ChainCheckout.Protocol;

/// <summary>What a frame is. The high bit is set on what the server sends.</summary>
public enum FrameType : byte
{
    Hello = 0x01,
    Proof = 0x02,
    Command = 0x03,
    Ping = 0x04,
    Bye = 0x05,
    Challenge = 0x81,
    Welcome = 0x82,
    Reply = 0x83,
    View = 0x84,
    Busy = 0x85,
    Error = 0x86,
    Goodbye = 0x87,
    Pong = 0x88,
}

public static class FrameTypes
{
    public static bool IsKnown(FrameType type) =>
        type is (>= FrameType.Hello and <= FrameType.Bye) or (>= FrameType.Challenge and <= FrameType.Pong);

    /// <summary>What an unproven peer may send: held to a lower limit.</summary>
    public static bool IsHandshake(FrameType type) => type is FrameType.Hello or FrameType.Proof;

    /// <summary>Ping, Pong and Bye never carry a payload; every other frame always does.</summary>
    public static bool IsBare(FrameType type) => type is FrameType.Ping or FrameType.Pong or FrameType.Bye;
}
