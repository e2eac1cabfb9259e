using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCheckout.Core.Values;

/// <summary>
/// Names a login without giving it away: 32 hex digits of an HMAC-SHA256 over its <c>auth_req_id</c>, made by
/// <see cref="ChainSecret"/>.
/// </summary>
[JsonConverter(typeof(LoginIdJson))]
public readonly record struct LoginId(string Text)
{
    public override string ToString() => Text ?? "";
}

internal sealed class LoginIdJson : JsonConverter<LoginId>
{
    public override LoginId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, LoginId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
