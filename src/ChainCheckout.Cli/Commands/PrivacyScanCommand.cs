using System.CommandLine;
using ChainCheckout.Cli.Demos;

namespace ChainCheckout.Cli.Commands;

internal static class PrivacyScanCommand
{
    private const int Found = 1;
    private const int FindingsShown = 100;

    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("dir") { Description = "What demo --keep has left." };
        var command = new Command("privacy-scan", "Look for the customers of a run in everything that its server has written.") { folder };
        command.SetAction(parsed =>
        {
            using var kept = new DemoFolder(parsed.GetRequiredValue(folder), isNew: false);
            var report = PrivacyScan.Of(kept.Customers).Scan(kept.Server);
            foreach (var finding in report.Findings.Take(FindingsShown)) Console.WriteLine($"{finding.File}, byte {finding.Offset}: {finding.Kind}");
            Console.WriteLine($"{report.Files} files, {report.Bytes} bytes, {report.Findings.Count} findings");
            return report.Findings.Count == 0 ? 0 : Found;
        });
        return command;
    }
}
