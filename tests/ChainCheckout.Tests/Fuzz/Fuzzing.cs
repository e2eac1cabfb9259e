namespace ChainCheckout.Tests.Fuzz;

/// <summary>How many inputs each kind of parser gets in a run of all tests.</summary>
internal static class Fuzzing
{
    public const int Frames = 600_000;
    public const int Commands = 150_000;
    public const int Payloads = 60_000;
    public const int Webhooks = 100_000;
    public const int AdminBodies = 20_000;
    public const int VippsAnswers = 100_000;
    public const int MemberFiles = 60_000;
    public const int StoredStates = 80_000;

    /// <summary>
    /// What one malformed payload may make the server allocate: its own bytes count, since .NET's JSON reader quotes what
    /// it cannot read in an exception that nobody looks at; what a payload says of its length does not.
    /// </summary>
    public static int BytesMax(int received) => 4_096 + (12 * received);

    /// <summary>Whoever finds an input that breaks the rule gets the input itself, to keep as a test.</summary>
    public static void Run(Mutator mutator, int count, Action<byte[]> rule)
    {
        for (var i = 0; i < count; i++)
        {
            var input = mutator.Next();
            try
            {
                rule(input);
            }
            catch (Exception broken)
            {
                throw Told(i, input, broken);
            }
        }
    }

    public static async Task RunAsync(Mutator mutator, int count, Func<byte[], Task> rule)
    {
        for (var i = 0; i < count; i++)
        {
            var input = mutator.Next();
            try
            {
                await rule(input);
            }
            catch (Exception broken)
            {
                throw Told(i, input, broken);
            }
        }
    }

    /// <summary>
    /// Bytes that this thread allocates meanwhile. What the runtime itself allocates now and then is in no second measurement;
    /// what the input makes its reader allocate is in every one.
    /// </summary>
    public static long Allocated(int max, Action work)
    {
        var least = long.MaxValue;
        for (var measured = 0; measured < 3 && least > max; measured++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static InvalidOperationException Told(int number, byte[] input, Exception broken) => new(
        $"Input {number} of {input.Length} bytes: {Convert.ToBase64String(input)} ({string.Concat(input.Take(300).Select(Shown))})", broken);

    private static string Shown(byte one) => one is >= 0x20 and < 0x7F ? ((char)one).ToString() : $"<{one:X2}>";
}
