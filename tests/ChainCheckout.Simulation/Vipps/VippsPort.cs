using ChainCheckout.Simulation.Faults;
using ChainCheckout.Simulation.Hosting;
using ChainCheckout.Simulation.Mutants;

namespace ChainCheckout.Simulation.Vipps;

/// <summary>
/// Vipps as one machine reaches it. What is done there and what is answered are two things: a call may be done and not answered,
/// answered and not done, done after its caller gave up, or be the last thing that its machine sends.
/// </summary>
internal sealed class VippsPort(World world, Node node) :
    IPaymentApi, IQrApi, IWebhookApi, ICheckInApi, ILoginApi, ILoyaltyPublisher, IMembershipRegister
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly string[] Codes = ["5070", "7010", "3000"];

    private static readonly FaultKind[] OfMutations =
    [
        FaultKind.NoEffectServerError, FaultKind.EffectServerError, FaultKind.EffectAnswerLost, FaultKind.EffectLate,
        FaultKind.AnswerUnreadable, FaultKind.NeverSent, FaultKind.TooManyRequests, FaultKind.Locked, FaultKind.TokenExpired,
    ];

    private static readonly FaultKind[] OfReads =
    [
        FaultKind.NoEffectServerError, FaultKind.AnswerUnreadable, FaultKind.NeverSent, FaultKind.TooManyRequests, FaultKind.TokenExpired,
    ];

    private static readonly FaultKind[] OfCaptures = [.. OfMutations, FaultKind.CaptureFailed];
    private static readonly FaultKind[] OfCancels = [.. OfMutations, FaultKind.Processing];
    private static readonly FaultKind[] OfScans = [FaultKind.ScanFailed, FaultKind.NoEffectServerError, FaultKind.TooManyRequests];
    private static readonly FaultKind[] OfCheckIns = [FaultKind.CheckInFailed, FaultKind.CheckInSlow];
    private static readonly FaultKind[] OfLogins = [FaultKind.LoginAnswerLost, FaultKind.NoEffectServerError, FaultKind.TooManyRequests];
    private static readonly FaultKind[] OfEvents = [FaultKind.LoyaltyAnswerLost, FaultKind.NoEffectServerError, FaultKind.LoyaltyTooMany];

    public Task<VippsResult<PaymentCreated>> CreateAsync(CreatePayment request, CancellationToken cancellation) =>
        ChangeAsync(world.Bugs.Change(request), OfMutations, one => one.Reference, one => one.Key, world.Vendor.Payments.Create);

    public Task<VippsResult<PaymentRead?>> ReadAsync(ReadPayment request, CancellationToken cancellation)
    {
        return CallAsync(OfReads, () => world.Vendor.Payments.Read(request), answer => world.Checks.ReadAnswered(request.Reference, answer));
    }

    public Task<VippsResult<PaymentRead>> CaptureAsync(ChangePayment request, CancellationToken cancellation) =>
        ChangeAsync(world.Bugs.Change(request), OfCaptures, one => one.Reference, one => one.Key, world.Vendor.Payments.Capture);

    public Task<VippsResult<PaymentRead>> CancelAsync(ChangePayment request, CancellationToken cancellation) =>
        ChangeAsync(world.Bugs.Change(request), OfCancels, one => one.Reference, one => one.Key, world.Vendor.Payments.Cancel);

    public Task<VippsResult<PaymentRead>> RefundAsync(ChangePayment request, CancellationToken cancellation) =>
        ChangeAsync(world.Bugs.Change(request), OfMutations, one => one.Reference, one => one.Key, world.Vendor.Payments.Refund);

    public Task<VippsResult<ImmutableArray<PaymentEventRead>>> EventsAsync(ReadPayment request, CancellationToken cancellation) =>
        throw new NotSupportedException("Nobody reads events here.");

    public Task<VippsResult<QrExchanged>> ExchangeAsync(Msn msn, QrText qr, CancellationToken cancellation) => CallAsync(OfScans, () =>
        Vendor.PhoneOf(qr) is { } phone
            ? new VippsResult<QrExchanged>.Ok(new QrExchanged(phone, "2.0", world.Schedule.Now))
            : (VippsResult<QrExchanged>)new VippsResult<QrExchanged>.Refused(new VippsFault(400)));

    public Task<VippsResult<ImmutableArray<WebhookRegistration>>> ListAsync(Msn msn, CancellationToken cancellation) =>
        CallAsync<ImmutableArray<WebhookRegistration>>(OfReads, () => new VippsResult<ImmutableArray<WebhookRegistration>>.Ok([.. world.Vendor.Webhooks.Of(msn)]));

    public Task<VippsResult<WebhookRegistered>> RegisterAsync(Msn msn, string url, ImmutableArray<string> events, CancellationToken cancellation) =>
        CallAsync<WebhookRegistered>(OfMutations, () => new VippsResult<WebhookRegistered>.Ok(world.Vendor.Webhooks.Register(msn, url, events)));

    public Task<VippsResult<bool>> DeleteAsync(Msn msn, string id, CancellationToken cancellation) => CallAsync<bool>(OfMutations, () =>
    {
        world.Vendor.Webhooks.Delete(id);
        return new VippsResult<bool>.Ok(true);
    });

    public Task<VippsResult<string>> CheckInAsync(CheckIn request, CancellationToken cancellation)
    {
        world.Checks.CheckInLeaves(node, request);
        return CallAsync<string>(OfCheckIns, () =>
        {
            world.Vendor.CheckIns.Add(new CheckedIn(world.Schedule.Now, request));
            return new VippsResult<string>.Ok("");
        });
    }

    public Task<VippsResult<bool>> UserExistsAsync(Msn msn, Msisdn phone, CancellationToken cancellation) =>
        CallAsync<bool>(OfReads, () => new VippsResult<bool>.Ok(true));

    public Task<VippsResult<LoginRequested>> RequestAsync(RequestLogin request, CancellationToken cancellation) =>
        CallAsync(OfLogins, () => world.Vendor.Logins.Request(request));

    public Task<VippsResult<LoginStanding>> ExchangeAsync(Msn msn, Secret authReqId, CancellationToken cancellation) =>
        CallAsync(OfLogins, () => world.Vendor.Logins.Exchange(authReqId));

    public Task<VippsResult<UserInfo>> UserInfoAsync(Msn msn, Secret accessToken, CancellationToken cancellation) =>
        CallAsync(OfReads, () => world.Vendor.Logins.UserInfo(accessToken));

    public Task<VippsResult<bool>> PublishAsync(CustomerId customer, LoyaltyEvent happened, CancellationToken cancellation)
    {
        happened = world.Bugs.Change(happened);
        if (world.Vendor.Loyalty.AwayUntil > world.Schedule.Now)
        {
            world.Faults.Count(FaultKind.LoyaltyAway);
            return Task.FromResult(world.Bugs.WhileAway(world.Chance.Below(2) == 0
                ? new VippsResult<bool>.Unknown("no answer")
                : new VippsResult<bool>.Later(new VippsFault(0), world.Chance.Seconds(30, 300))));
        }

        return CallAsync(OfEvents, () => world.Bugs.Poisoned(world.Vendor.Loyalty.Take(customer, happened)));
    }

    public ValueTask<RegisterAnswer> FindAsync(Msisdn phone, CancellationToken cancellation)
    {
        if (!world.Faults.Strikes(FaultKind.RegisterSlow)) return ValueTask.FromResult<RegisterAnswer>(RegisterAnswer.Own.Instance);
        var late = new TaskCompletionSource<RegisterAnswer>();
        node.After(world.Chance.Seconds(0.5, 20), () => late.SetResult(RegisterAnswer.Own.Instance));
        return new ValueTask<RegisterAnswer>(late.Task);
    }

    public ValueTask JoinedAsync(RegisterJoin join, CancellationToken cancellation) => ValueTask.CompletedTask;

    private Task<VippsResult<T>> ChangeAsync<TRequest, T>(
        TRequest request, FaultKind[] faults, Func<TRequest, PaymentReference> reference, Func<TRequest, string> key,
        Func<TRequest, VippsFault?, VippsResult<T>> act)
        where TRequest : notnull
    {
        world.Checks.ChangeLeaves(node, reference(request), key(request), request);
        world.Trace.Say(reference(request).ToString(), $"sends {key(request)}");
        if (world.Vendor.Payments.Knows(key(request)) && world.Faults.Strikes(FaultKind.Conflict))
        {
            world.Checks.Sent(reference(request));
            world.Refused.Add(key(request));
            return Answer<T>(new VippsResult<T>.Refused(new VippsFault(409)));
        }

        var refusal = !world.Vendor.Payments.Knows(key(request)) && world.Faults.Strikes(FaultKind.StickyRefusal)
            ? new VippsFault(400, world.Chance.Pick(Codes))
            : null;
        return CallAsync(faults, () => act(request, refusal), leaves: () => world.Checks.Sent(reference(request)));
    }

    private Task<VippsResult<T>> CallAsync<T>(FaultKind[] faults, Func<VippsResult<T>> act, Action<VippsResult<T>>? answered = null, Action? leaves = null)
    {
        if (!node.IsUp) return Node.Never<VippsResult<T>>();
        if (world.Vendor.DownUntil > world.Schedule.Now)
        {
            world.Faults.Count(FaultKind.VippsDown);
            return Answer<T>(world.Chance.Below(2) == 0 ? new VippsResult<T>.Unknown("503") : new VippsResult<T>.Later(new VippsFault(0), null));
        }

        if (world.Faults.Strikes(FaultKind.PowerLostAtCall))
        {
            if (world.Chance.Below(2) == 0) world.Schedule.After(world.Chance.Seconds(0, 0.5), () => act());
            world.Lose(node);
            return Node.Never<VippsResult<T>>();
        }

        foreach (var fault in faults)
        {
            if (!world.Faults.Strikes(fault)) continue;
            if (fault != FaultKind.NeverSent) leaves?.Invoke();
            return world.Bugs.Judge(FailAsync(fault, act));
        }

        leaves?.Invoke();

        var call = new TaskCompletionSource<VippsResult<T>>();
        world.Schedule.After(world.Chance.Seconds(0.01, 0.2), () =>
        {
            var result = act();
            node.After(world.Chance.Seconds(0.01, 0.2), () =>
            {
                answered?.Invoke(result);
                call.SetResult(result);
            });
        });
        return call.Task;
    }

    private Task<VippsResult<T>> FailAsync<T>(FaultKind fault, Func<VippsResult<T>> act)
    {
        switch (fault)
        {
            case FaultKind.NoEffectServerError or FaultKind.CheckInFailed or FaultKind.ScanFailed:
                return Answer<T>(new VippsResult<T>.Unknown("500"));
            case FaultKind.EffectServerError or FaultKind.AnswerUnreadable:
                world.Schedule.After(TimeSpan.FromMilliseconds(20), () => act());
                return Answer<T>(new VippsResult<T>.Unknown("500"));
            case FaultKind.EffectAnswerLost or FaultKind.LoginAnswerLost or FaultKind.LoyaltyAnswerLost or FaultKind.CheckInSlow:
                world.Schedule.After(TimeSpan.FromMilliseconds(20), () => act());
                return Answer<T>(new VippsResult<T>.Unknown("timeout"), Patience);
            case FaultKind.EffectLate:
                world.Schedule.After(world.Chance.Seconds(1, 60), () => act());
                return Answer<T>(new VippsResult<T>.Unknown("timeout"), Patience);
            case FaultKind.NeverSent:
                return Answer<T>(new VippsResult<T>.Later(new VippsFault(0), null));
            case FaultKind.TooManyRequests or FaultKind.LoyaltyTooMany:
                return Answer<T>(new VippsResult<T>.Later(new VippsFault(429), world.Chance.Seconds(1, 20)));
            case FaultKind.Locked:
                return Answer<T>(new VippsResult<T>.Later(new VippsFault(423), null));
            case FaultKind.TokenExpired:
                return Answer<T>(new VippsResult<T>.Later(new VippsFault(401), null));
            case FaultKind.Processing:
                return Answer<T>(new VippsResult<T>.Later(new VippsFault(400, "6250"), null));
            case FaultKind.CaptureFailed:
                return Answer<T>(new VippsResult<T>.Later(new VippsFault(400, "6280"), null));
            default:
                throw new System.Diagnostics.UnreachableException($"No call ends in {fault}.");
        }
    }

    private Task<VippsResult<T>> Answer<T>(VippsResult<T> result, TimeSpan? after = null)
    {
        var call = new TaskCompletionSource<VippsResult<T>>();
        node.After(after ?? world.Chance.Seconds(0.01, 0.4), () => call.SetResult(result));
        return call.Task;
    }
}
