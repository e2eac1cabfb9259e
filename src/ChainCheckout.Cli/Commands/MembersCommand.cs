using System.CommandLine;
using ChainCheckout.Cli.Members;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Commands;

internal static class MembersCommand
{
    private const int SomeRefused = 1;

    public static Command Create()
    {
        var command = new Command("members", "Members of the running server: import, show, publish, move, erase.")
        {
            Import(),
            Spoken("show", "Tell of members; phone numbers come on standard input, one a line.", 1, ShowAsync),
            Publish(),
            Spoken("move", "Give members a new number; standard input has lines of two: OLD NEW.", 2, MoveAsync),
            Spoken("erase", "Forget persons; phone numbers come on standard input, one a line.", 1, EraseAsync),
        };
        return command;
    }

    private static Option<FileInfo?> Settings() => new("--settings")
    {
        Description = "The running server's settings file (default: appsettings.json here).",
    };

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file") { Description = $"CSV: {string.Join(',', MemberFile.Header)}" };
        var settings = Settings();
        var command = new Command("import", "Bring members from a file. Running it again changes nothing.") { file, settings };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.Of("members import", parsed.GetValue(settings));
            using var reader = Open(parsed.GetRequiredValue(file));
            var sums = await MemberImport.RunAsync(admin, reader, cancellation);
            foreach (var row in sums.Refused) Console.WriteLine($"line {row.Line}: {row.Why}");
            Console.WriteLine($"{sums.Imported} imported, {sums.Unchanged} unchanged, {sums.Refused.Count} refused");
            return sums.Refused.Count == 0 ? 0 : SomeRefused;
        });
        return command;
    }

    private static Command Publish()
    {
        var isNew = new Option<bool>("--new") { Description = "Vipps knows nothing of them yet: tell them as registered, not as updated." };
        var command = Spoken(
            "publish", "Tell Vipps of members anew, whole; phone numbers come on standard input, one a line.", 1,
            (parsed, admin, phones, cancellation) => PublishAsync(admin, new PublishBody(phones[0], parsed.GetValue(isNew)), cancellation));
        command.Add(isNew);
        return command;
    }

    private static StreamReader Open(FileInfo file)
    {
        try
        {
            return file.OpenText();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"members import: {file.Name} cannot be read.", failure);
        }
    }

    /// <summary>A number among the arguments would stand in the list of processes for everybody to see.</summary>
    private static Command Spoken(
        string name, string about, int numbers, Func<AdminClient, string[], CancellationToken, Task<(string Said, bool Done)>> act) =>
        Spoken(name, about, numbers, (_, admin, phones, cancellation) => act(admin, phones, cancellation));

    private static Command Spoken(
        string name, string about, int numbers, Func<ParseResult, AdminClient, string[], CancellationToken, Task<(string Said, bool Done)>> act)
    {
        var stray = new Argument<string[]>("none") { Arity = ArgumentArity.ZeroOrMore, Hidden = true };
        var settings = Settings();
        var command = new Command(name, about) { stray, settings };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(stray) is { Length: > 0 })
                throw new CommandException($"members {name}: phone numbers are read from standard input, never from arguments.");
            using var admin = AdminClient.Of($"members {name}", parsed.GetValue(settings));
            var code = 0;
            for (var line = 1; await Console.In.ReadLineAsync(cancellation) is { } text; line++)
            {
                var phones = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (phones.Length == 0) continue;
                var (said, done) = phones.Length == numbers && phones.All(phone => Msisdn.TryParse(phone.TrimStart('+'), out _))
                    ? await act(parsed, admin, [.. phones.Select(phone => phone.TrimStart('+'))], cancellation)
                    : (numbers == 1 ? "not a phone number: digits with country code" : "not two phone numbers: digits with country code", false);
                Console.WriteLine($"line {line}: {said}");
                if (!done) code = SomeRefused;
            }

            return code;
        });
        return command;
    }

    private static async Task<(string, bool)> ShowAsync(AdminClient admin, string[] phones, CancellationToken cancellation)
    {
        var now = await admin.PostAsync(
            "/admin/members/show", new PhoneBody(phones[0]), AdminJson.Default.PhoneBody, AdminJson.Default.MemberNow, cancellation);
        return (now.MemberId is null
            ? "not a member"
            : $"{now.MemberId}, joined {now.JoinedOn:yyyy-MM-dd}, {now.Points} points, {now.Stamps} stamps, {now.Coupons} coupons, "
                + $"{now.BonusChecks} bonus checks, {now.EventsWaiting} events waiting, {now.Letters} letters", true);
    }

    private static async Task<(string, bool)> MoveAsync(AdminClient admin, string[] phones, CancellationToken cancellation)
    {
        var result = await admin.PostAsync(
            "/admin/members/move", new MoveBody(phones[0], phones[1]), AdminJson.Default.MoveBody, AdminJson.Default.MemberResult, cancellation);
        return result.Result switch
        {
            "moved" => ("moved", true),
            "underWay" => ("under way; ask again with members show", true),
            "NotAMember" => ("the old number is not a member's", false),
            "OtherMember" => ("the new number is another member's: nothing was moved", false),
            "EnrolmentOpen" => ("the customer is being asked to join: try again in a while", false),
            _ => ("another move of this member is under way", false),
        };
    }

    private static async Task<(string, bool)> EraseAsync(AdminClient admin, string[] phones, CancellationToken cancellation)
    {
        var result = await admin.PostAsync(
            "/admin/members/erase", new PhoneBody(phones[0]), AdminJson.Default.PhoneBody, AdminJson.Default.MemberResult, cancellation);
        return result.Result switch
        {
            "erased" => ("erased", true),
            "Moving" => ("the member is on the way to another number: try again in a while", false),
            _ => ("nothing is known of this number", true),
        };
    }

    private static async Task<(string, bool)> PublishAsync(AdminClient admin, PublishBody body, CancellationToken cancellation)
    {
        var result = await admin.PostAsync(
            "/admin/members/publish", body, AdminJson.Default.PublishBody, AdminJson.Default.MemberResult, cancellation);
        return result.Result switch
        {
            "published" => ("on its way to Vipps", true),
            "NotAMember" => ("not a member", false),
            "NotPublished" => ("this chain publishes nothing: Vipps:Loyalty:MerchantSerialNumber is empty", false),
            _ => ("the member is on the way to another number: try again in a while", false),
        };
    }
}
