using System.Text;

namespace ChainCheckout.Gateway.Admin;

/// <summary>Counts of a closed set of things, each under its name in lower case: <c>WrongCredential</c> is <c>wrong_credential</c>.</summary>
public sealed class Tally<TKind>
    where TKind : struct, Enum
{
    private static readonly TKind[] Kinds = Enum.GetValues<TKind>();
    private static readonly string[] Names = [.. Kinds.Select(kind => Spell(kind.ToString()))];

    private readonly long[] _sums = new long[Kinds.Length];

    public void Add(TKind kind) => Interlocked.Increment(ref _sums[Array.IndexOf(Kinds, kind)]);

    public long this[TKind kind] => Volatile.Read(ref _sums[Array.IndexOf(Kinds, kind)]);

    /// <summary>All of them, those that never came too: a rate can be told from the first one on.</summary>
    public IEnumerable<Sample> Samples() => Names.Select((name, at) => new Sample(Volatile.Read(ref _sums[at]), name));

    private static string Spell(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
