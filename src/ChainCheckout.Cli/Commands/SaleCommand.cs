using System.CommandLine;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Commands;

internal static class SaleCommand
{
    public static Command Create()
    {
        var which = new Argument<string[]>("which")
        {
            Description = "REFERENCE, or STORE TILL SALEID.",
            HelpName = "REFERENCE | STORE TILL SALEID",
            Arity = new ArgumentArity(1, 3),
        };
        var settings = new Option<FileInfo?>("--settings")
        {
            Description = "The running server's settings file (default: appsettings.json here).",
        };
        const string About = "Tell a sale from its beginning, as the running server has stored it.";
        var command = new Command("sale", About) { which, settings };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(which), parsed.GetValue(settings), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] which, FileInfo? settings, CancellationToken cancellation)
    {
        var page = which switch
        {
            [var reference] => $"/admin/payments/{Uri.EscapeDataString(reference)}",
            [var store, var till, var sale] =>
                $"/admin/sales/{Uri.EscapeDataString(store)}/{Uri.EscapeDataString(till)}/{Uri.EscapeDataString(sale)}",
            _ => throw new CommandException("sale: give a REFERENCE, or STORE TILL SALEID."),
        };
        using var admin = AdminClient.Of("sale", settings);
        var stories = await admin.GetAsync(page, AdminJson.Default.StoryArray, cancellation);
        for (var i = 0; i < stories.Length; i++)
        {
            if (i > 0) Console.WriteLine();
            foreach (var line in StoryText.Lines(stories[i])) Console.WriteLine(line);
        }

        return 0;
    }
}
