using System.Security.Cryptography;
using System.Text;

namespace ChainCheckout.Simulator.Customers;

/// <summary>Who a simulated person is to a merchant: made up from the number, the same in every run.</summary>
internal static class Profile
{
    private static readonly string[] GivenNames =
        ["Kari", "Ola", "Ingrid", "Lars", "Sofie", "Mikkel", "Aino", "Elsa", "Jonas", "Nora", "Emil", "Maja"];

    private static readonly string[] FamilyNames =
        ["Hansen", "Berg", "Dahl", "Lund", "Holm", "Nilsen", "Virtanen", "Lindgren", "Bakke", "Strand", "Moen"];

    public static string GivenName(string msisdn) => Drawn(GivenNames, msisdn, 1);

    public static string FamilyName(string msisdn) => Drawn(FamilyNames, msisdn, 2);

    /// <summary>Never a genuine address: the domain is reserved for examples.</summary>
    public static string Email(string msisdn)
    {
        var text = $"{GivenName(msisdn)}.{FamilyName(msisdn)}.{CustomerHandle.Of(msisdn)[..6]}@example.test";
        return text.ToLowerInvariant();
    }

    /// <summary>One person, one sales unit, one subject.</summary>
    public static string Sub(string msn, string? msisdn)
    {
        var text = Encoding.UTF8.GetBytes($"{msn}/{msisdn}");
        return new Guid(SHA256.HashData(text).AsSpan(0, 16)).ToString();
    }

    private static string Drawn(string[] names, string msisdn, int which) =>
        names[(int)(Mix.Of(which, msisdn) % (ulong)names.Length)];
}
