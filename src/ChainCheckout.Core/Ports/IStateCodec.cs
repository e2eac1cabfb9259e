using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChainCheckout.Core.Ports;

/// <summary>Turns states into stored bytes and back. Personal values are encrypted one by one by the converters in its options.</summary>
public interface IStateCodec
{
    /// <summary>The product's own states, bound to this codec's converters once.</summary>
    CoreJson States { get; }

    /// <summary>For a context of somebody else's states: a fresh copy at each reading.</summary>
    JsonSerializerOptions Options { get; }

    ReadOnlyMemory<byte> Encode<TState>(TState state, JsonTypeInfo<TState> type);

    /// <exception cref="JsonException">Damaged bytes, or written by a version that knows more than this one.</exception>
    /// <exception cref="PersonalValueException">A personal value that does not open under any key of the ring.</exception>
    TState Decode<TState>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<TState> type);
}
