using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Cli.Members;

/// <summary>Brings a member file to the running server, some hundred rows at a time and a few of these at once.</summary>
internal static class MemberImport
{
    private const int RowsAtOnce = 400;
    private const int CallsAtOnce = 8;

    public static async Task<ImportSums> RunAsync(AdminClient admin, TextReader file, CancellationToken cancellation)
    {
        var reader = new MemberFile();
        var refused = new List<RefusedRow>();
        int imported = 0, unchanged = 0;
        var limit = new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(reader.Read(file).Chunk(RowsAtOnce), limit, async (rows, stop) =>
        {
            var sums = await admin.PostAsync(
                "/admin/members/import", rows, AdminJson.Default.MemberRowArray, AdminJson.Default.ImportSums, stop);
            Interlocked.Add(ref imported, sums.Imported);
            Interlocked.Add(ref unchanged, sums.Unchanged);
            lock (refused) refused.AddRange(sums.Refused);
        });
        return new ImportSums(imported, unchanged, [.. refused.Concat(reader.Wrong).OrderBy(row => row.Line)]);
    }
}
