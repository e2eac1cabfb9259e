using System.Security.Cryptography;
using System.Text;

namespace ChainCheckout.Simulator.Customers;

/// <summary>
/// A person's name in the ledger: ties the lines of one person together, and says nothing of the number behind it
/// to who does not know it already.
/// </summary>
public static class CustomerHandle
{
    private const int HandleBytes = 8;

    /// <param name="msisdn">Digits with country code.</param>
    /// <returns>16 hex digits, the same in every run.</returns>
    public static string Of(string msisdn)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"chaincheckout-simulator:{msisdn}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, HandleBytes));
    }
}
