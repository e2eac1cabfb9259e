using System.Buffers;
using System.Text;
using ChainCheckout.Protocol;
using ChainCheckout.Protocol.Commands;

namespace ChainCheckout.Tests.Protocol;

/// <summary>One of each command, with every field it can have and with none that it can do without.</summary>
internal static class EveryCommand
{
    private static readonly SaleLine[] Lines =
    [
        new("A-1", "Brød & smør", 3_990, 1_500, "0.534", "KG", 7_471, 10, IsReturn: true),
        new("A-2", "Pose", 0, 0),
    ];

    public static readonly TillCommand[] Full =
    [
        new TillCommand.Scan("https://qr.example/p/abc+/=?v=2", "S-1"),
        new TillCommand.Phone("+47 90 00 00 00", "S-1"),
        new TillCommand.Pay("S-1", 12_950, "NOK", Lines, ["c1", "c2"], 18),
        new TillCommand.Complete("S-1", "other", 12_950, "DKK", Lines),
        new TillCommand.Close("S-1"),
        new TillCommand.Enrol("S-1", Replace: true),
    ];

    public static readonly TillCommand[] Bare =
    [
        new TillCommand.Scan("x"),
        new TillCommand.Phone("1"),
        new TillCommand.Pay("a.b_c-D", 1, "EUR"),
        new TillCommand.Cancel("S-1"),
        new TillCommand.Complete("S-1", "other", 1, "NOK"),
        new TillCommand.Close(),
        new TillCommand.Refund("42-7-1-3", 500, "NOK", "Kari", "Feil vare"),
        new TillCommand.Enrol(),
    ];

    public static IEnumerable<TillCommand> All => [.. Full, .. Bare];

    public static bool MayHave(TillCommand command, string field) =>
        Full.Where(full => full.Type == command.Type)
            .Any(full => Wire(full, 1).Contains($"\"{field}\":", StringComparison.Ordinal));

    public static string Wire(TillCommand command, uint session)
    {
        var output = new ArrayBufferWriter<byte>();
        CommandWriter.Write(output, channel: 1, number: 1, session, CommandCanonical.ToBytes(command));
        return Encoding.UTF8.GetString(output.WrittenSpan[ProtocolLimits.HeaderBytes..]);
    }
}
