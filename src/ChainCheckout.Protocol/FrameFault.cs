namespace ChainCheckout.Protocol;

public enum ReadStatus
{
    NeedMoreData,
    Frame,
    Malformed,
}

/// <summary>Why bytes are not a frame. All but the last cost the connection: nothing after can be trusted.</summary>
public enum FrameFault
{
    None,
    LengthTooLarge,
    UnknownType,
    WrongVersion,
    EmptyPayload,
    UnexpectedPayload,
    CutInsideFrame,

    /// <summary>A whole frame whose payload or place makes no sense; the framing itself holds.</summary>
    OutOfPlace,
}

/// <summary>The peer broke the protocol; the connection is of no more use.</summary>
public sealed class ProtocolException(FrameFault fault) : Exception($"The peer broke the protocol: {fault}.")
{
    public FrameFault Fault { get; } = fault;
}
