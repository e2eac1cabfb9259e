using System.CommandLine;
using System.CommandLine.Parsing;

namespace ChainCheckout.Cli.Commands;

/// <summary>Options that are <c>http://host:port</c>; the command line's grammar does not read a <see cref="Uri"/> by itself.</summary>
internal static class HttpAddress
{
    public static Option<Uri?> Option(string name, string description) => new(name) { Description = description, CustomParser = Read };

    private static Uri? Read(ArgumentResult given)
    {
        if (Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")) return address;
        given.AddError($"{(given.Parent as OptionResult)?.Option.Name} must be http://host:port.");
        return null;
    }
}
