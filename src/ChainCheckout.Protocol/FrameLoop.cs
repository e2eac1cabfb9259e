using System.IO.Pipelines;

namespace ChainCheckout.Protocol;

public static class FrameLoop
{
    /// <summary>
    /// Reads frames until the peer hangs up cleanly or the pending read is cancelled. A frame's payload is valid until
    /// its handler's task completes.
    /// </summary>
    /// <exception cref="ProtocolException">The bytes are no frame, or the peer hung up inside one.</exception>
    /// <param name="payloadBytesMax">Asked before each frame; left out, the protocol's limit.</param>
    public static async Task RunAsync(
        PipeReader input,
        Func<Frame, CancellationToken, ValueTask> onFrame,
        Func<int>? payloadBytesMax = null,
        CancellationToken cancellation = default)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var rest = read.Buffer;
            try
            {
                while (true)
                {
                    var limit = payloadBytesMax?.Invoke() ?? ProtocolLimits.FrameBytesMax;
                    var status = FrameReader.TryRead(ref rest, out var frame, out var fault, limit);
                    if (status == ReadStatus.NeedMoreData) break;
                    if (status == ReadStatus.Malformed) throw new ProtocolException(fault);
                    await onFrame(frame, cancellation);
                }

                if (read.IsCanceled) return;
                if (!read.IsCompleted) continue;
                if (!rest.IsEmpty) throw new ProtocolException(FrameFault.CutInsideFrame);
                return;
            }
            finally
            {
                // consumed = what we took; examined = all of it, so the next read waits for new bytes.
                input.AdvanceTo(rest.Start, rest.End);
            }
        }
    }
}
