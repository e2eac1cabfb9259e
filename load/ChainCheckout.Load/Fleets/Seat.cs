using System.Net;
using ChainCheckout.Client;
using ChainCheckout.Load.Measure;
using ChainCheckout.Load.Transcripts;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Load.Fleets;

/// <summary>One till of the fleet: its own connection as a POS, and a channel on its store's scanner
/// connection.</summary>
public sealed class Seat : IAsyncDisposable
{
    private readonly SeatObserver _posObserver;
    private readonly SeatObserver _scannerObserver;
    private readonly Timeline _timeline;
    private readonly Till _pos;
    private readonly Till _scanner;

    public Seat(
        StoreLayout store, TillLayout till, IReadOnlyList<EndPoint> servers, TillConnectionPool scanners, TillTranscript transcript,
        Timeline timeline, Waits waits,
        Random random)
    {
        (Store, Number, Currency, _timeline) = (store.Number, till.Number, store.Currency, timeline);
        _posObserver = new SeatObserver(store.Number, till.Number, TillRoles.Pos, transcript, timeline, waits);
        _scannerObserver = new SeatObserver(store.Number, till.Number, TillRoles.Scanner, transcript, timeline, waits);
        var pos = new TillIdentity(store.Number, till.Number, TillRoles.Pos, till.PosSecret);
        var scanner = new TillIdentity(store.Number, till.Number, TillRoles.Scanner, till.ScannerSecret);
        _pos = new Till(pos, servers, Options(_posObserver), timeline.Clock, random);
        _scanner = new Till(scanner, scanners, Options(_scannerObserver), timeline.Clock, random);
    }

    public int Store { get; }

    public int Number { get; }

    public string Currency { get; }

    public long Now => _timeline.Now;

    public ViewPayload? View => _pos.View;

    /// <summary>Completes when both roles have been welcomed.</summary>
    public Task StartAsync(CancellationToken cancellation) =>
        Task.WhenAll(_pos.StartAsync(cancellation), _scanner.StartAsync(cancellation));

    public Task<TillReply> AskAsync(TillCommand command, CancellationToken cancellation) =>
        AskAsync(_pos, _posObserver, command, cancellation);

    public Task<TillReply> AskScannerAsync(TillCommand.Scan scan, CancellationToken cancellation) =>
        AskAsync(_scanner, _scannerObserver, scan, cancellation);

    public Task<ViewPayload> WhenAsync(Func<ViewPayload, bool> isWanted, CancellationToken cancellation) =>
        _pos.WhenAsync(isWanted, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _pos.DisposeAsync();
        await _scanner.DisposeAsync();
    }

    private static async Task<TillReply> AskAsync(
        Till till, SeatObserver observer, TillCommand command, CancellationToken cancellation)
    {
        observer.Asked(command, observer.Now);
        return await till.SendAsync(command, cancellation);
    }

    // A killed server is back within a second or two: longer waits would only blur what the run measures.
    private static TillOptions Options(ITillObserver observer) => new()
    {
        Observer = observer,
        Software = "ChainCheckout.Load",
        BackoffMin = TimeSpan.FromMilliseconds(50),
        BackoffMax = TimeSpan.FromMilliseconds(400),
    };
}
