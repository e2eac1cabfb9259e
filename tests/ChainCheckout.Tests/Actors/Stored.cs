using System.Text;
using ChainCheckout.Core.Ports;

namespace ChainCheckout.Tests.Actors;

/// <summary>The storage codec under a key that every run has.</summary>
internal static class Stored
{
    public static readonly StateCodec Codec = new(new KeyRing(
        "test-1", new Dictionary<string, byte[]> { ["test-1"] = Encoding.ASCII.GetBytes("a key of exactly thirty-two byte") }));
}
