using FsCheck;
using FsCheck.Fluent;

namespace ChainCheckout.Tests.Properties;

/// <summary>How the properties are asked: often, and with what was asked shown when one fails.</summary>
internal static class Properties
{
    public const int Cases = 5_000;

    public static void Hold<T>(this Gen<T> cases, Func<T, bool> property, int count = Cases) =>
        Prop.ForAll(cases.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(count));

    /// <summary>A number of minor units: everyday ones, and those at the ends of what a number can be.</summary>
    public static Gen<long> Minor { get; } = Gen.OneOf(
        Gen.Choose(0, 65_000_000).Select(n => (long)n),
        Gen.Choose(-1_000, 1_000).Select(n => (long)n),
        Gen.Choose(0, 1_000).Select(n => long.MaxValue - n),
        Gen.Choose(0, 1_000).Select(n => long.MinValue + n));

    /// <summary>Text as people and machines write it: letters of the North, signs that JSON minds, half a pair never.</summary>
    public static Gen<string> Text(int charsMin, int charsMax) =>
        from length in Gen.Choose(charsMin, charsMax)
        from chars in Gen.Elements("aZ0 -_.,:;/?&=+\"\\{}[]æøåÆØÅäöß€\u00a0\u2028日\t".ToCharArray()).ArrayOf(length)
        select new string(chars);
}
