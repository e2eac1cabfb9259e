using System.Globalization;
using System.Text.RegularExpressions;

namespace ChainCheckout.Cli.Tests;

/// <summary>How many tests passed, failed, were skipped.</summary>
public readonly partial record struct TestSums(int Passed, int Failed, int Skipped)
{
    public static TestSums operator +(TestSums one, TestSums other) =>
        new(one.Passed + other.Passed, one.Failed + other.Failed, one.Skipped + other.Skipped);

    /// <summary>Reads the line with which <c>dotnet test</c> ends a project; null for any other line.</summary>
    public static TestSums? Parse(string line) =>
        Summary().Match(line) is { Success: true } found
            ? new TestSums(Number(found, 2), Number(found, 1), Number(found, 3))
            : null;

    /// <summary>The line that a build looks for.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed, {Skipped} skipped");

    private static int Number(Match found, int group) =>
        int.Parse(found.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bFailed:\s*(\d+), Passed:\s*(\d+), Skipped:\s*(\d+), Total:")]
    private static partial Regex Summary();
}
