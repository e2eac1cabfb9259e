using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace ChainCheckout.Cluster;

/// <summary>
/// How messages of the actors cross the network between silos: JSON by the stored states' own converters, so that a phone number is
/// sealed there too, under a root's name instead of a CLR type's. Every message is an immutable record: a copy is the record itself.
/// </summary>
public sealed class CoreCodec(IStateCodec states) : IGeneralizedCodec, IGeneralizedCopier, ITypeFilter
{
    public const string Alias = "chaincheckout";

    private static readonly Type[] Roots =
    [
        typeof(TillMessage), typeof(TillReply), typeof(TillView), typeof(CustomerMessage), typeof(CustomerReply), typeof(PaymentMessage),
        typeof(PaymentReply), typeof(SalesUnitMessage), typeof(SalesUnitReply), typeof(StoreMessage), typeof(StoreReply), typeof(LoginMessage),
        typeof(LoginReply),
    ];

    private static readonly FrozenDictionary<string, Type> RootsByName = Roots.ToFrozenDictionary(root => root.Name, StringComparer.Ordinal);

    private readonly JsonSerializerOptions _json = Json(states);

    public bool IsSupportedType(Type type) => type == typeof(CoreCodec) || RootOf(type) is not null;

    public bool? IsTypeAllowed(Type type) => IsSupportedType(type) ? true : null;

    public object? DeepCopy(object? input, CopyContext context) => input;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, object? value)
        where TBufferWriter : System.Buffers.IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
            return;
        }

        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(CoreCodec), WireType.LengthPrefixed);
        var root = RootOf(value.GetType())!;
        var name = Encoding.ASCII.GetBytes(root.Name);
        var body = JsonSerializer.SerializeToUtf8Bytes(value, root, _json);
        writer.WriteVarUInt32((uint)(1 + name.Length + body.Length));
        writer.WriteByte((byte)name.Length);
        writer.Write(name);
        writer.Write(body);
    }

    public object? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference) return ReferenceCodec.ReadReference<object, TInput>(ref reader, field);
        ReferenceCodec.MarkValueField(reader.Session);
        field.EnsureWireType(WireType.LengthPrefixed);
        var bytes = reader.ReadBytes(reader.ReadVarUInt32());
        int named = bytes[0];
        var name = Encoding.ASCII.GetString(bytes, 1, named);
        if (!RootsByName.TryGetValue(name, out var root)) throw new JsonException($"{name} is no message of this version.");
        return JsonSerializer.Deserialize(bytes.AsSpan(1 + named), root, _json);
    }

    private static Type? RootOf(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
            if (RootsByName.TryGetValue(at.Name, out var root) && root == at) return root;
        return null;
    }

    private static JsonSerializerOptions Json(IStateCodec states)
    {
        var options = states.Options;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameCases } };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A closed union whose cases have no stored names: each goes by the name of its record.</summary>
    private static void NameCases(JsonTypeInfo info)
    {
        if (!info.Type.IsAbstract || info.PolymorphismOptions is not null || info.Type.Assembly != typeof(TillMessage).Assembly) return;
        var cases = info.Type.GetNestedTypes(BindingFlags.Public)
            .Select(one => one.IsGenericTypeDefinition ? one.MakeGenericType(info.Type.GetGenericArguments()) : one)
            .Where(one => !one.IsAbstract && info.Type.IsAssignableFrom(one));
        info.PolymorphismOptions = new JsonPolymorphismOptions();
        foreach (var one in cases) info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(one, one.Name));
    }
}
