using System.Globalization;

namespace ChainCheckout.Simulator.Customers;

/// <summary>One of the simulated people.</summary>
/// <param name="Msisdn">Digits with country code.</param>
/// <param name="QrV1">The personal code's clear form, as the Norwegian app has shown it.</param>
/// <param name="QrToken">Its token form.</param>
/// <param name="Handle">The person's name in the ledger, see <see cref="CustomerHandle"/>.</param>
public sealed record Customer(string Msisdn, string QrV1, string QrToken, string Handle);

/// <summary>
/// A chain's customers, without a list: person <c>index</c> of population <c>seed</c> is always the same one.
/// </summary>
public static class Population
{
    public const int CountMax = 1_000_000;

    private const int Numbers = 10_000_000;

    // Prime to the count of numbers, so that no two persons of one population share a number.
    private const long Stride = 7_654_321;

    public static Customer At(int seed, int index)
    {
        var msisdn = MsisdnAt(seed, index);
        return new Customer(
            msisdn, QrCodes.Clear(msisdn), QrCodes.StandingToken(seed, index), CustomerHandle.Of(msisdn));
    }

    /// <summary>86 in 100 Norwegian, the others Danish, Finnish and Swedish.</summary>
    internal static string MsisdnAt(int seed, int index)
    {
        var offset = (long)(Mix.Of(seed, "population") % Numbers);
        var last = ((((long)index * Stride) + offset) % Numbers).ToString("D7", CultureInfo.InvariantCulture);
        var drawn = Mix.Of(seed, (ulong)index);
        return (drawn % 100) switch
        {
            < 86 => $"47{(drawn & 0x1000) switch { 0 => '4', _ => '9' }}{last}",
            < 92 => $"452{last}",
            < 96 => $"35840{last}",
            _ => $"4670{last}",
        };
    }

    /// <summary>Whether a number has the shape of a mobile number in one of the four countries.</summary>
    public static bool IsMobile(string msisdn) => msisdn switch
    {
        ['4', '7', '4' or '9', ..] => msisdn.Length == 10,
        ['4', '5', >= '2', ..] => msisdn.Length == 10,
        ['3', '5', '8', '4' or '5', ..] => msisdn.Length is >= 11 and <= 13,
        ['4', '6', '7', ..] => msisdn.Length == 11,
        _ => false,
    };
}
