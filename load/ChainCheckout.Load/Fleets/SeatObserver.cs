using ChainCheckout.Client;
using ChainCheckout.Load.Measure;
using ChainCheckout.Load.Transcripts;
using ChainCheckout.Protocol.Commands;
using ChainCheckout.Protocol.Payloads;

namespace ChainCheckout.Load.Fleets;

/// <summary>Puts into the transcript what one (till, role) asks, is told and is shown.</summary>
internal sealed class SeatObserver(int store, int till, string role, TillTranscript transcript,
    Timeline timeline, Waits waits) : ITillObserver
{
    private readonly Waits.Wait _wait = waits.Add();

    public long Now => timeline.Now;

    public void Asked(TillCommand command, long at)
    {
        _wait.Begin();
        var line = Line(TranscriptKinds.Asked, at) with { Command = command.Type };
        transcript.Add(command switch
        {
            TillCommand.Pay c => line with { SaleId = c.SaleId, AmountMinor = c.AmountMinor, Currency = c.Currency },
            TillCommand.Complete c =>
                line with { SaleId = c.SaleId, AmountMinor = c.AmountMinor, Currency = c.Currency },
            TillCommand.Refund c =>
                line with { Reference = c.Reference, AmountMinor = c.AmountMinor, Currency = c.Currency },
            TillCommand.Enrol c => line with { SaleId = c.SaleId },
            TillCommand.Scan c => line with { SaleId = c.SaleId },
            TillCommand.Phone c => line with { SaleId = c.SaleId },
            TillCommand.Cancel c => line with { SaleId = c.SaleId },
            TillCommand.Close c => line with { SaleId = c.SaleId },
            _ => line,
        });
    }

    public void OnConnected(Till who, Welcome welcome, long receivedAt) =>
        transcript.Add(Line(TranscriptKinds.Connected, receivedAt) with { Number = welcome.LastApplied });

    public void OnView(Till who, ViewPayload view, long receivedAt) =>
        transcript.Add(Line(TranscriptKinds.View, receivedAt) with
    {
        Version = view.Version,
        SaleId = view.SaleId,
        Stage = view.Stage,
        Code = view.Code,
        Identified = view.Customer is null ? null : true,
        Membership = view.Customer?.Membership,
        MemberId = view.Customer?.MemberId,
        Enrolment = view.Enrolment?.Stage,
        Reference = view.Payment?.Reference,
        Attempt = view.Payment?.Attempt,
        AmountMinor = view.Payment?.AmountMinor,
        Currency = view.Payment?.Currency,
        Receipt = view.Receipt is { } r
            ? new TranscriptReceipt(r.SaleId, r.Tender, r.Reference, r.AmountMinor, r.Currency)
            : null,
        Refund = view.Refund is { } f
            ? new TranscriptRefund(f.Reference, f.AmountMinor, f.Currency, f.Stage, f.Code)
            : null,
    });

    public void OnReply(Till who, uint number, Reply reply, long receivedAt)
    {
        _wait.End();
        transcript.Add(Line(TranscriptKinds.Reply, receivedAt) with
        {
            Number = number,
            SaleId = reply.SaleId,
            Status = reply.Status,
            Code = reply.Code,
            Reference = reply.Reference,
        });
    }

    public void OnBusy(Till who, uint number, TimeSpan retryAfter, long receivedAt)
    {
        _wait.Again();
        transcript.Add(Line(TranscriptKinds.Busy, receivedAt) with { Number = number });
    }

    public void OnError(Till who, uint number, Error error, long receivedAt)
    {
        _wait.Again();
        transcript.Add(Line(TranscriptKinds.Error, receivedAt) with { Number = number, Code = error.Code });
    }

    public void OnDisconnected(Till who, SessionEnd end) =>
        transcript.Add(Line(TranscriptKinds.Cut, timeline.Now) with { Code = end.GetType().Name });

    private TranscriptLine Line(string kind, long at) => new(timeline.At(at), store, till, role, kind);
}
