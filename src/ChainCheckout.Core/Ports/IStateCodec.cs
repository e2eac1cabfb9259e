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

    TState Decode<TState>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<TState> type);
}
