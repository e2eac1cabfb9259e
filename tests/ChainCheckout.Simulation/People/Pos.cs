using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Vipps;

namespace ChainCheckout.Simulation.People;

/// <summary>A cashier with a POS, and at times a scanner beside it, who sells one sale after another.</summary>
internal sealed class Pos(World world, TillId id, StoreProfile profile) : TillClient(world, id, TillRole.Pos, profile)
{
    private static readonly TimeSpan LongestSale = TimeSpan.FromHours(6);

    private readonly TillClient _scanner = new(world, id, TillRole.Scanner, profile);
    private TillView? _view;
    private DateTimeOffset _saleBegan;

    public bool IsDone { get; private set; }

    /// <summary>Who stands here, by the number that they came with.</summary>
    public Msisdn? Serves { get; private set; }

    /// <summary>For the story: where the cashier is.</summary>
    public string Doing { get; private set; } = "";

    private string Stage => _view?.Stage ?? "";

    public async Task SellAsync(int sales)
    {
        for (var number = 1; number <= sales && !IsStopped; number++)
        {
            Doing = $"S{number}";
            _saleBegan = World.Schedule.Now;
            await SellOneAsync($"S{number}");
            await World.Schedule.Delay(World.Chance.Seconds(1, 20));
            if (World.Chance.Below(8) == 0) await GiveBackAsync();
        }

        IsDone = true;
    }

    /// <summary>Later, perhaps when the payment is long forgotten.</summary>
    public async Task GiveBackAsync()
    {
        if (IsStopped || World.Receipts.Count == 0) return;
        var index = World.Chance.Below(World.Receipts.Count);
        var (reference, left) = World.Receipts[index];
        if (reference.Till.Store != Id.Store || left <= 0) return;
        var minor = World.Chance.Below(2) == 0 ? left : Math.Max(1, left / 3);
        Doing = $"a refund of {reference}";
        if (await DoAsync(new TillCommand.Refund($"{reference}", minor, "NOK", "Kari", "broken")) is not { Done: true }) return;
        World.Receipts[index] = (reference, left - minor);
        if (!await UntilAsync(() => _view?.Refund is { IsOpen: false }, TimeSpan.FromHours(4))) return;
        if (_view?.Refund?.Code is TillCode.RefundDone or TillCode.RefundDoneWithoutPoints)
            World.Sales.Ended(minor == left ? SaleEnd.Refunded : SaleEnd.PartlyRefunded);
    }

    public override void Show(TillView view, bool isFirst = false)
    {
        if (!isFirst && _view is { } old && view.Version <= old.Version)
        {
            World.Checks.Dropped(this, old, view);
            return;
        }

        _view = view;
        World.Trace.Say($"{Id}", $"shows {view.Version}: {view.Stage} {view.Code} {view.SaleId}");
        World.Checks.Shown(this, view);
    }

    private async Task SellOneAsync(string sale)
    {
        var phone = World.Chance.Pick(World.People);
        Serves = phone;
        if (!await IdentifyAsync(sale, phone)) return;
        if (World.Chance.Below(3) == 0) await InviteAsync(sale, phone);
        var minor = World.Chance.Between(200, 90_000);
        var choice = World.Chance.Below(20);
        if (choice < 2) await CompleteAsync(sale, minor);
        else if (choice == 2) await CloseAsync(sale, SaleEnd.Abandoned);
        else await PayAsync(sale, minor, phone);
    }

    /// <summary>By the code on the phone, at the POS or at the scanner beside it; by a typed number when that fails.</summary>
    private async Task<bool> IdentifyAsync(string sale, Msisdn phone)
    {
        var how = World.Chance.Below(3);
        if (how == 0)
        {
            World.Faults.Count(FaultKind.ScannerBeside);
            if (await _scanner.DoAsync(new TillCommand.Scan(Vendor.QrOf(phone), null)) is null) IsStopped |= _scanner.IsStopped;
        }
        else if (how == 1) await DoAsync(new TillCommand.Scan(Vendor.QrOf(phone), sale));

        if (how < 2 && await UntilAsync(() => Stage is "ready" or "open" or "idle", TimeSpan.FromSeconds(30)) && Stage == "ready") return true;
        for (var tries = 0; tries < 20 && !IsStopped; tries++)
        {
            if (await DoAsync(new TillCommand.Phone(phone.Digits[2..], sale)) is { Done: true }) return true;
            await World.Schedule.Delay(World.Chance.Seconds(1, 30));
        }

        if (!IsStopped) await CloseAsync(sale, SaleEnd.Abandoned);
        return false;
    }

    private async Task InviteAsync(string sale, Msisdn phone)
    {
        await UntilAsync(() => _view?.Member is { Kind: not Core.Customers.MembershipKind.Unknown }, TimeSpan.FromSeconds(10));

        // Now and then somebody says that the member of this number is somebody else; most of those are right.
        var isRecycled = _view?.Member?.Kind == Core.Customers.MembershipKind.Member && World.Chance.Below(20) == 0;
        if (!isRecycled && _view?.Member?.Kind != Core.Customers.MembershipKind.NotAMember) return;
        if (isRecycled)
        {
            World.Faults.Count(FaultKind.NumberRecycled);
            if (World.Chance.Below(4) > 0) World.Vendor.Logins.Recycle(phone);
        }

        if (await DoAsync(new TillCommand.Enrol(sale, isRecycled)) is not { Done: true } || World.Chance.Below(3) == 0) return;
        await UntilAsync(() => _view?.Enrolment is null or { Stage: not ("asking" or "waiting") }, TimeSpan.FromMinutes(7));
        if (_view?.Enrolment?.Code == TillCode.EnrolJoined) World.Sales.Ended(SaleEnd.Joined);
    }

    private async Task PayAsync(string sale, long minor, Msisdn phone)
    {
        for (var attempt = 1; attempt <= 3 && !IsStopped; attempt++)
        {
            if (await DoAsync(new TillCommand.Pay(sale, minor, "NOK", [], false, null)) is not { } answer) break;
            if (answer is { Done: false, Code: TillCode.AlreadyPaid or TillCode.SaleCompleted })
            {
                // An earlier attempt turned out to be paid.
                World.Sales.Ended(SaleEnd.Paid);
                return;
            }

            if (!answer.Done)
            {
                // Who stands there was forgotten or is still being found out: once more, from the number.
                if (answer.Code is not (TillCode.StillIdentifying or TillCode.NoCustomer)) break;
                await World.Schedule.Delay(World.Chance.Seconds(1, 5));
                await DoAsync(new TillCommand.Phone(phone.Digits[2..], sale));
                continue;
            }

            await LookAsync();
            await WaitForPaymentAsync(sale, minor);
            if (Stage == "paid")
            {
                if (_view?.Receipt is { Reference: { } reference } receipt) World.Receipts.Add((reference, receipt.Amount.Minor));
                World.Sales.Ended(attempt == 1 ? SaleEnd.Paid : SaleEnd.PaidAtSecondTry);
                return;
            }

            if (Stage is "stopped" or "paying" or "checking" or "cancelling" or "holding") break;
            if (World.Chance.Below(2) == 0) break;
            if (World.Chance.Below(3) == 0) minor += 1_000;
        }

        await EndUnpaidAsync(sale, minor);
    }

    private async Task EndUnpaidAsync(string sale, long minor)
    {
        if (IsStopped || Stage == "stopped" || _view?.Code == TillCode.Held)
        {
            World.Sales.Ended(SaleEnd.Stopped);
            if (!IsStopped) await DoAsync(new TillCommand.Close(sale));
            return;
        }

        if (World.Chance.Below(3) == 0 && await CompleteAsync(sale, minor)) return;
        var end = _view?.Code switch
        {
            TillCode.PaymentRefused => SaleEnd.Refused,
            TillCode.PaymentExpired => SaleEnd.Expired,
            TillCode.PaymentCancelled => SaleEnd.Cancelled,
            TillCode.PaymentNotPossible or TillCode.CustomerCannotPay or TillCode.VippsUnavailable => SaleEnd.NotPossible,
            _ => SaleEnd.Abandoned,
        };
        await CloseAsync(sale, end);
    }

    /// <summary>What was pushed may be older than what was just answered.</summary>
    private async Task LookAsync()
    {
        for (var tries = 0; tries < 5 && !IsStopped && !await WatchAsync(-1); tries++) await World.Schedule.Delay(World.Chance.Seconds(0.2, 1));
    }

    /// <summary>The cashier waits, and does what cashiers do meanwhile.</summary>
    private async Task WaitForPaymentAsync(string sale, long minor)
    {
        var cancelsAfter = World.Chance.Below(12) == 0 ? World.Chance.Seconds(0, 30) : TimeSpan.MaxValue;
        var began = World.Schedule.Now;
        while (!IsStopped && !await UntilAsync(() => Stage is not ("paying" or "checking" or "cancelling" or "holding"), World.Chance.Seconds(2, 6)))
        {
            var waited = World.Schedule.Now - began;
            if (waited > LongestSale) return;
            if (waited > cancelsAfter)
            {
                cancelsAfter = TimeSpan.MaxValue;
                await DoAsync(new TillCommand.Cancel(sale));
            }
            else if (World.Chance.Below(60) == 0) await DoAsync(new TillCommand.Pay(sale, minor, "NOK", [], false, null));
            else if (World.Chance.Below(80) == 0) await DoAsync(new TillCommand.Complete(sale, "other", minor, "NOK", []));
            else await MishapAsync();
        }
    }

    private async Task MishapAsync()
    {
        if (World.Faults.Strikes(FaultKind.TillCrashed))
        {
            Crash();
            await World.Schedule.Delay(World.Chance.Seconds(2, 40));
        }
        else if (World.Faults.Strikes(FaultKind.TillDisconnected))
        {
            HangUp();
            await World.Schedule.Delay(World.Chance.Seconds(0, 10));
        }
        else if (World.Faults.Strikes(FaultKind.TillStayedAway))
        {
            HangUp();
            await World.Schedule.Delay(World.Chance.Seconds(150, 1_500));
        }
    }

    private async Task<bool> CompleteAsync(string sale, long minor)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            if (await DoAsync(new TillCommand.Complete(sale, "other", minor, "NOK", [])) is not { } answer) return false;
            if (answer.Done)
            {
                World.Sales.Ended(SaleEnd.OtherTender);
                return true;
            }

            if (answer.Code is not (TillCode.StillIdentifying or TillCode.TooManyUncounted)) break;
            await World.Schedule.Delay(World.Chance.Seconds(1, 10));
        }

        return false;
    }

    /// <summary>Ends the sale for good: nobody goes on before the till has let it go.</summary>
    private async Task CloseAsync(string sale, SaleEnd end)
    {
        while (!IsStopped && World.Schedule.Now - _saleBegan < LongestSale)
        {
            if (await DoAsync(new TillCommand.Close(sale)) is not { Done: false } answer) break;
            if (answer.Code != TillCode.PaymentOpen) break;
            await World.Schedule.Delay(World.Chance.Seconds(1, 20));
        }

        World.Sales.Ended(IsStopped ? SaleEnd.Stopped : end);
    }

    /// <summary>Looks at the view until it is so: as it is pushed, and by asking now and then.</summary>
    private async Task<bool> UntilAsync(Func<bool> isSo, TimeSpan most)
    {
        var ends = World.Schedule.Now + most;
        for (var look = 0; ; look++)
        {
            if (isSo()) return true;
            if (World.Schedule.Now >= ends || IsStopped) return false;
            await World.Schedule.Delay(look < 60 ? World.Chance.Seconds(0.5, 2) : World.Chance.Seconds(3, 20));
            if (!isSo() && (look % 8 == 7 || look > 60)) await WatchAsync(_view?.Version ?? 0);
        }
    }
}
