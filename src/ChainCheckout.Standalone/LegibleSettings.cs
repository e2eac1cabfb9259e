using System.Collections;
using System.ComponentModel;
using System.Reflection;
using ChainCheckout.Gateway;
using ChainCheckout.Vipps.Options;
using Microsoft.Extensions.Configuration;

namespace ChainCheckout.Standalone;

/// <summary>
/// Takes out what is no setting, and what cannot be read as the type that its setting has, so that one word in the wrong
/// place is told together with all else that is wrong. The binder would stop at the first, and leave out in silence
/// the whole store or till that it stands in. A value is never repeated: it might be a secret.
/// </summary>
public static class LegibleSettings
{
    private static readonly (string Section, Type Type)[] Sections =
    [
        (GatewayOptions.Section, typeof(GatewayOptions)), ("Chain", typeof(ChainOptions)), ("Storage", typeof(StorageOptions)),
        (SecretsOptions.Section, typeof(SecretsOptions)),
        ("Standalone", typeof(StandaloneOptions)), ("Timing", typeof(TimingOptions)), ("Stores", typeof(List<StoreOptions>)),
        (LoyaltyOptions.Section, typeof(LoyaltyOptions)),
        (VippsOptions.Section, typeof(VippsOptions)),
    ];

    /// <param name="more">Sections of a host of its own.</param>
    public static (IConfiguration Legible, List<string> Wrong) Of(IConfiguration given, params (string Section, Type Type)[] more)
    {
        var wrong = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (section, type) in Sections.Concat(more)) Judge(given.GetSection(section), type, wrong);

        // A null in a file is a setting that is not there.
        var legible = given.AsEnumerable().Where(pair => pair.Value is not null && !wrong.Keys.Any(path => IsWithin(pair.Key, path)));
        return (new ConfigurationBuilder().AddInMemoryCollection(legible).Build(), [.. wrong.Values]);
    }

    private static void Judge(IConfigurationSection section, Type type, SortedDictionary<string, string> wrong)
    {
        var children = section.GetChildren().ToList();
        if (IsPlain(type))
        {
            if (children.Count > 0 || !IsLegible(section.Value, type)) wrong[section.Path] = $"{section.Path} cannot be read as {Words(type)}.";
        }
        else if (section.Value is { Length: > 0 })
        {
            wrong[section.Path] = $"{section.Path} is a section, not one value.";
        }
        else if (type.IsAssignableTo(typeof(IEnumerable)))
        {
            foreach (var child in children) Judge(child, type.GenericTypeArguments[^1], wrong);
        }
        else
        {
            foreach (var child in children) JudgeMember(child, type, wrong);
        }
    }

    private static void JudgeMember(IConfigurationSection child, Type owner, SortedDictionary<string, string> wrong)
    {
        var property = owner.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        if (property is null) wrong[child.Path] = $"{child.Path} is no setting.";
        else Judge(child, property.PropertyType, wrong);
    }

    private static bool IsPlain(Type type) => type.IsPrimitive || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(Uri);

    private static bool IsLegible(string? text, Type type)
    {
        if (text is null || type == typeof(string)) return true;
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) is not null;
        }
        catch (Exception illegible) when (illegible is FormatException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsWithin(string key, string path) =>
        key.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (key.Length == path.Length || key[path.Length] == ':');

    private static string Words(Type type) =>
        type == typeof(TimeSpan) ? "a time (hours:minutes:seconds)"
        : type == typeof(bool) ? "true or false"
        : type == typeof(Uri) ? "an address"
        : type == typeof(string) ? "a text"
        : type == typeof(double) ? "a number"
        : "a whole number";
}
