using System.Text.Json.Serialization;

namespace ChainCheckout.Protocol.Payloads;

/// <summary>A till opens its (till, role) on a channel.</summary>
/// <param name="Store">Store number, 1 and up.</param>
/// <param name="Till">Till number within the store, 1 and up.</param>
/// <param name="Role">One of <see cref="TillRoles"/>.</param>
/// <param name="Versions">The payload versions that the till speaks; the server picks one.</param>
/// <param name="LastEpoch">The epoch of its last Welcome; 0 for a till that remembers nothing.</param>
/// <param name="LastAnswered">The highest command number that it knows to be applied; 0 for none.</param>
/// <param name="Nonce">Base64 of 16 random bytes, new for each Hello.</param>
/// <param name="Software">Name and version of the till's program, for the operator.</param>
public sealed record Hello(
    [property: JsonRequired] int Store,
    [property: JsonRequired] int Till,
    [property: JsonRequired] string Role,
    [property: JsonRequired] int[] Versions,
    [property: JsonRequired] uint LastEpoch,
    [property: JsonRequired] uint LastAnswered,
    [property: JsonRequired] string Nonce,
    string? Software = null);

/// <param name="Nonce">Base64 of 16 random bytes, new for each challenge.</param>
/// <param name="Version">The payload version that the server picked.</param>
public sealed record Challenge([property: JsonRequired] string Nonce, [property: JsonRequired] int Version);

/// <param name="Value">Base64 of 32 bytes: see <see cref="TillProof"/>.</param>
public sealed record Proof([property: JsonRequired, JsonPropertyName("proof")] string Value)
{
    public override string ToString() => nameof(Proof);
}

/// <param name="Session">What every command of this session carries.</param>
/// <param name="Epoch">Minted by the server at each welcome; the till says it in its next Hello.</param>
/// <param name="LastApplied">The number of the last command applied; the next one is this + 1.</param>
public sealed record Welcome(
    [property: JsonRequired] uint Session,
    [property: JsonRequired] uint Epoch,
    [property: JsonRequired] uint LastApplied,
    [property: JsonRequired] ViewPayload View,
    [property: JsonRequired] LimitsPayload Limits);

/// <param name="FrameBytesMax">Largest payload that the server takes.</param>
/// <param name="HeartbeatSeconds">A till pings at least this often.</param>
/// <param name="IdleSeconds">A connection silent for longer is cut, by either end.</param>
public sealed record LimitsPayload(
    [property: JsonRequired] int FrameBytesMax,
    [property: JsonRequired] int HeartbeatSeconds,
    [property: JsonRequired] int IdleSeconds);

public static class TillRoles
{
    public const string Pos = "pos";
    public const string Scanner = "scanner";

    public static bool IsKnown(string role) => role is Pos or Scanner;
}
