using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Commands;

internal static class SaleCommand
{
    private const int AdminPort = 7702;

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
        var stories = await AskAsync(SettingsFile.Read(settings), page, cancellation);
        for (var i = 0; i < stories.Length; i++)
        {
            if (i > 0) Console.WriteLine();
            foreach (var line in StoryText.Lines(stories[i])) Console.WriteLine(line);
        }

        return 0;
    }

    private static async Task<Story[]> AskAsync(SettingsFile settings, string page, CancellationToken cancellation)
    {
        var admin = settings.Gateway?.Admin;
        var address = new Uri($"http://{admin?.Address ?? "127.0.0.1"}:{admin?.Port ?? AdminPort}");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = address, Timeout = TimeSpan.FromSeconds(30),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", admin?.Token ?? "");
        try
        {
            using var answer = await http.GetAsync(page, cancellation);
            if (answer.IsSuccessStatusCode)
                return await answer.Content.ReadFromJsonAsync(AdminJson.Default.StoryArray, cancellation) ?? [];
            throw new CommandException((int)answer.StatusCode switch
            {
                401 => "sale: the server does not take the token of these settings.",
                404 => $"sale: {await answer.Content.ReadAsStringAsync(cancellation)}.",
                var status => $"sale: the server answers {status}.",
            });
        }
        catch (HttpRequestException failure)
        {
            throw new CommandException($"sale: no server answers at {address.Authority}; is it running?", failure);
        }
    }
}
