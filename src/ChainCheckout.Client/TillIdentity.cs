using ChainCheckout.Protocol;

namespace ChainCheckout.Client;

/// <summary>Who a till is to the server.</summary>
/// <param name="Store">Store number, 1 and up.</param>
/// <param name="Till">Till number within the store, 1 and up.</param>
/// <param name="Role">"pos" or "scanner".</param>
/// <param name="Secret">Base64 of at least 16 bytes; never sent.</param>
public sealed record TillIdentity(int Store, int Till, string Role, string Secret)
{
    internal byte[] SecretBytes() => TillProof.ReadSecret(Secret);

    public override string ToString() => $"{Store}/{Till} {Role}";
}
