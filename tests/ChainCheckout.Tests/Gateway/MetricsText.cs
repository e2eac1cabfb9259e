using System.Globalization;
using System.Text.RegularExpressions;

namespace ChainCheckout.Tests.Gateway;

/// <summary>One family as a scraper reads it.</summary>
internal sealed record Family(string Name, string Type, string Help, List<(string Name, string Labels, double Value)> Samples);

/// <summary>Reads Prometheus' text format 0.0.4 line by line, and takes nothing that is not in it.</summary>
internal static partial class MetricsText
{
    public static Dictionary<string, Family> Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        var families = new Dictionary<string, Family>(StringComparer.Ordinal);
        Family? current = null;
        string? help = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (HelpLine().Match(line) is { Success: true } helped)
            {
                help = helped.Groups[2].Value;
            }
            else if (TypeLine().Match(line) is { Success: true } typed)
            {
                current = new Family(typed.Groups[1].Value, typed.Groups[2].Value, help!, []);
                families.Add(current.Name, current);
            }
            else
            {
                var sample = SampleLine().Match(line);
                Assert.True(sample.Success, $"This is no line of the format: {line}");
                Assert.Contains(sample.Groups[1].Value, Names(current!));
                current!.Samples.Add((sample.Groups[1].Value, sample.Groups[2].Value, double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture)));
            }
        }

        return families;
    }

    /// <summary>The one sample with these labels; 0 where there is none.</summary>
    public static double Of(this Dictionary<string, Family> families, string name, string labels = "") =>
        families[name].Samples.SingleOrDefault(sample => sample.Labels == labels).Value;

    private static string[] Names(Family family) =>
        family.Type == "histogram" ? [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"] : [family.Name];

    [GeneratedRegex("^# HELP ([a-z_:][a-z0-9_:]*) (.+)$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^([a-z_:][a-z0-9_:]*)(?:\{((?:[a-z_]+="[^"\\\n]*",?)*)\})? (-?[0-9.e+-]+|\+Inf|NaN)$""")]
    private static partial Regex SampleLine();
}
