using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ChainCheckout.Simulator.Http;

namespace ChainCheckout.Simulator.Payments;

/// <summary>
/// What was answered to each key. A key belongs to a sales unit and is one over all calls and payments, which is the
/// strictest reading of what the vendor leaves open.
/// </summary>
internal sealed class IdempotencyKeys
{
    private const int Stripes = 256;
    private readonly Lock[] _gates = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private readonly ConcurrentDictionary<(string Msn, string Key), Remembered> _answers = new();

    /// <summary>
    /// Carries a request out, unless its key has had its answer: then gives that one, or the conflict.
    /// </summary>
    public Answer Once(string msn, string key, ApiRequest request, Func<Answer> carryOut)
    {
        var fingerprint = Fingerprint.Of(request);
        lock (_gates[(uint)HashCode.Combine(msn, key) % Stripes])
        {
            if (_answers.TryGetValue((msn, key), out var remembered))
                return remembered.Fingerprint == fingerprint
                    ? remembered.Answer
                    : Problems.From(Conflict(request.Kind), request);
            var answer = carryOut();
            if (!answer.Transient) _answers[(msn, key)] = new Remembered(fingerprint, answer);
            return answer;
        }
    }

    private static Refusal Conflict(CallKind call) => Refusal.Code(
        call switch
        {
            CallKind.Capture => "4010",
            CallKind.Refund => "4150",
            _ => "4020",
        },
        "The idempotency key was used with another request",
        status: 409);

    private sealed record Remembered(Fingerprint Fingerprint, Answer Answer);

    /// <summary>Half of a SHA-256 over call, path and body: equal requests and no others have it.</summary>
    private readonly record struct Fingerprint(ulong High, ulong Low)
    {
        public static Fingerprint Of(ApiRequest request)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes(request.Path));
            hash.AppendData("\n"u8);
            hash.AppendData(request.Body);
            Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
            hash.GetHashAndReset(bytes);
            var parts = MemoryMarshal.Cast<byte, ulong>(bytes);
            return new Fingerprint(parts[0], parts[1]);
        }
    }
}
