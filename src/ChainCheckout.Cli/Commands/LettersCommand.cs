using System.CommandLine;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Commands;

internal static class LettersCommand
{
    private const string Everything = "all";
    private const int SomeRefused = 1;

    public static Command Create()
    {
        var settings = new Option<FileInfo?>("--settings")
        {
            Description = "The running server's settings file (default: appsettings.json here).",
            Recursive = true,
        };
        var list = new Command("list", "Every dead letter, a line each.");
        list.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.Of("letters", parsed.GetValue(settings));
            var letters = await ListAsync(admin, cancellation);
            foreach (var letter in letters) Console.WriteLine($"{letter.Id}  {letter.At:u}  {letter.Action ?? "sale"}  {letter.Why}");
            Console.WriteLine($"{letters.Length} letters");
        });
        return new Command("letters", "Events that Vipps refused, and sales that came too late to be counted.")
        {
            settings,
            list,
            About("show", "Tell one.", settings, (_, letter, _) =>
            {
                Console.WriteLine($"{letter.Id}\nsince   {letter.At:u}\nwhat    {letter.Action ?? "a sale that came too late"}\nmember  {letter.MemberId ?? "-"}\nwhy     {letter.Why}");
                return Task.CompletedTask;
            }),
            About("replay", "Send one again, or all.", settings, (admin, letter, stop) => admin.PostAsync($"/admin/letters/{letter.Id}/replay", stop)),
            About("drop", "Forget one, or all.", settings, (admin, letter, stop) => admin.PostAsync($"/admin/letters/{letter.Id}/drop", stop)),
        };
    }

    private static Command About(
        string name, string about, Option<FileInfo?> settings, Func<AdminClient, Letter, CancellationToken, Task> act)
    {
        var id = new Argument<string>("id") { Description = "As list prints it, or all." };
        var command = new Command(name, about) { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.Of("letters", parsed.GetValue(settings));
            var wanted = parsed.GetRequiredValue(id);
            var letters = (await ListAsync(admin, cancellation)).Where(letter => wanted == Everything || letter.Id == wanted).ToList();
            if (letters.Count == 0 && wanted != Everything) throw new CommandException("letters: there is no such letter.");
            var done = 0;
            foreach (var letter in letters)
            {
                try
                {
                    await act(admin, letter, cancellation);
                    done++;
                }
                catch (CommandException refused) when (wanted == Everything)
                {
                    // One that cannot be sent again keeps nobody from the others.
                    Console.WriteLine($"{letter.Id}  {refused.Message}");
                }
            }

            if (name != "show") Console.WriteLine($"{done} letters: {name}");
            return done == letters.Count ? 0 : SomeRefused;
        });
        return command;
    }

    private static Task<Letter[]> ListAsync(AdminClient admin, CancellationToken cancellation) =>
        admin.GetAsync("/admin/letters", AdminJson.Default.LetterArray, cancellation);
}
