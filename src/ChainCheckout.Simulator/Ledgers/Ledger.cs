using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ChainCheckout.Simulator.Http;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Simulator.Ledgers;

/// <summary>
/// Every effect of the simulated Vipps, once, in order: what the tests hold against what the tills saw. Lines
/// gather in memory and reach the file within 100 ms; a stop writes the rest.
/// </summary>
public sealed partial class Ledger : IAsyncDisposable
{
    private const string InstantForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly List<LedgerLine>? _kept;
    private readonly FileStream? _file;
    private readonly TimeProvider _wall;
    private readonly ILogger _logger;
    private readonly PeriodicTimer? _timer;
    private readonly Task _flushing;
    private ArrayBufferWriter<byte> _filling = new(64 * 1024);
    private ArrayBufferWriter<byte> _spare = new(64 * 1024);
    private long _n;

    /// <param name="path">The file to append to; null = none.</param>
    /// <param name="keep">Whether <see cref="Lines"/> is wanted: it costs memory for every effect.</param>
    internal Ledger(string? path, bool keep, TimeProvider wall, ILogger logger)
    {
        _wall = wall;
        _logger = logger;
        _kept = keep ? [] : null;
        _file = path is null
            ? null
            : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _timer = path is null ? null : new PeriodicTimer(FlushEvery, wall);
        _flushing = _timer is null ? Task.CompletedTask : FlushOnAndOnAsync(_timer);
    }

    /// <summary>A copy of all lines so far. Empty unless they are kept.</summary>
    public IReadOnlyList<LedgerLine> Lines()
    {
        lock (_gate) return _kept is null ? [] : [.. _kept];
    }

    internal void Append(LedgerLine draft)
    {
        lock (_gate)
        {
            var at = _wall.GetUtcNow().UtcDateTime.ToString(InstantForm, CultureInfo.InvariantCulture);
            var line = draft with { N = ++_n, At = at };
            _kept?.Add(line);
            if (_file is null) return;
            using (var writer = new Utf8JsonWriter(_filling))
                JsonSerializer.Serialize(writer, line, SimulatorJson.Default.LedgerLine);
            _filling.Write(LineEnd);
        }
    }

    /// <summary>Returns when every line appended before the call is in the file.</summary>
    public async Task FlushAsync()
    {
        if (_file is null) return;
        await _writing.WaitAsync();
        try
        {
            ArrayBufferWriter<byte> full;
            lock (_gate)
            {
                full = _filling;
                _filling = _spare;
            }

            if (full.WrittenCount > 0) await _file.WriteAsync(full.WrittenMemory);
            full.ResetWrittenCount();
            _spare = full;
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        await _flushing;
        await FlushAsync();
        if (_file is not null) await _file.DisposeAsync();
    }

    private async Task FlushOnAndOnAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                await FlushAsync();
            }
            catch (IOException failure)
            {
                // The oracle has a gap from here on. The simulated Vipps goes on; whoever judges must not.
                LogLedgerFailed(failure);
            }
        }
    }
}
