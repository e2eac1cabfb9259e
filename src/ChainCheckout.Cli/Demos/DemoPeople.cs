using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChainCheckout.Core.Values;
using ChainCheckout.Load.Books;
using ChainCheckout.Load.Crowds;

namespace ChainCheckout.Cli.Demos;

/// <summary>The customers of a run: six in ten are members when the doors open, half of the others are asked to join.</summary>
public sealed class DemoPeople
{
    private DemoPeople(IReadOnlyList<Shopper> all) => All = all;

    public IReadOnlyList<Shopper> All { get; }

    public int MemberCount => All.Count(shopper => shopper.Belonging == Belonging.Member);

    /// <summary>By place, so that each till meets all kinds.</summary>
    public static DemoPeople Of(IReadOnlyList<Shopper> people) => new([.. people.Select((shopper, place) => shopper with
    {
        Belonging = (place % 5) switch { 0 or 2 or 4 => Belonging.Member, 1 => Belonging.Asked, _ => Belonging.Stranger },
    })]);

    public string MemberFile()
    {
        var text = new StringBuilder().AppendJoin(',', Cli.Members.MemberFile.Header).Append('\n');
        for (var place = 0; place < All.Count; place++)
        {
            if (All[place].Belonging == Belonging.Member) text.Append($"{IdAt(place)},{All[place].Msisdn},2020-01-01,0,false,false,false\n");
        }

        return text.ToString();
    }

    /// <summary>One line a person: <c>msisdn</c>, <c>qrV1</c>, <c>qrToken</c>.</summary>
    public string CustomerFile() => string.Concat(All.Select(shopper =>
        JsonSerializer.Serialize(new KeptCustomer(shopper.Msisdn, shopper.QrV1, shopper.QrToken), KeptJson.Default.KeptCustomer) + "\n"));

    /// <summary>As all books know them.</summary>
    public IReadOnlyDictionary<Shopper, BookCustomer> InBooks(ChainSecret secret, IReadOnlyDictionary<string, StoredMember> stored)
    {
        var books = new Dictionary<Shopper, BookCustomer>(ReferenceEqualityComparer.Instance);
        for (var place = 0; place < All.Count; place++)
        {
            var shopper = All[place];
            var key = Msisdn.TryParse(shopper.Msisdn, out var phone) ? secret.Pseudonym(phone).ToString() : "";
            books[shopper] = new BookCustomer(
                shopper.Handle, shopper.Belonging == Belonging.Member ? IdAt(place) : null, stored.GetValueOrDefault(key) ?? StoredMember.None);
        }

        return books;
    }

    private static string IdAt(int place) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"demo-{place + 1}");
}

/// <summary>What a privacy scan looks for.</summary>
internal sealed record KeptCustomer(string Msisdn, string QrV1, string QrToken)
{
    public override string ToString() => nameof(KeptCustomer);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(KeptCustomer))]
internal sealed partial class KeptJson : JsonSerializerContext;
