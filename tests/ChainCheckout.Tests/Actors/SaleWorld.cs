using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Tills;

namespace ChainCheckout.Tests.Actors;

/// <summary>
/// One till with its payments and a tiny vendor, in the shells that the product runs in. Every call between them goes
/// out and comes back when chance says so, or is lost on either way; the process may die; storage may fail.
/// </summary>
internal sealed class SaleWorld : IActors, IPaymentApi, IQrApi, IWebhookApi, ICheckInApi, ILoginApi, ILoyaltyPublisher, IWatchers, IShellLog
{
    private readonly Dictionary<ActorId, ILiveActor> _live = [];
    private readonly List<Flight> _flights = [];
    private readonly InMemoryActorStorage _storage = new();
    private readonly HashSet<ActorId> _known = [];
    private readonly Random _chance;
    private readonly ShellPorts _ports;
    private int _faults;

    public SaleWorld(int seed, int faults)
    {
        _chance = new Random(seed);
        _faults = faults;
        Vipps = new TinyVipps(Clock, _chance);
        var members = new MemberPorts(this, this, this, new OwnRegister(), TimeSpan.FromSeconds(1), _ => { });
        var operations = new Operations(this, this, this, this, members, TillAlphabet.Secret, TimeProvider.System);
        _ports = new ShellPorts(_storage, Stored.Codec, operations, this, this, Clock, () => _chance.NextInt64());
    }

    public HandClock Clock { get; } = new();

    public TinyVipps Vipps { get; }

    public TinyMembers Members { get; } = new(Customer);

    public List<string> Alerts { get; } = [];

    public static Msisdn Customer { get; } = Msisdn.TryParse("4791234567", out var phone) ? phone : default;

    /// <summary>The customer is a member before anything happens.</summary>
    public Task JoinAsync() => ((LiveActor<CustomerState, CustomerMessage, CustomerReply>)Live(CustomerId))
        .SendAsync(new CustomerMessage.Import(Customer, "m-1", Clock.Now.AddDays(-1), 0, default));

    public async Task<CustomerState> CustomerStateAsync() => await LoadedAsync(CustomerId, Machines.Customer) ?? throw new InvalidOperationException("no customer");

    private static ActorId CustomerId => ActorId.Of(TillAlphabet.Secret.Pseudonym(Customer));

    /// <summary>No fault happens any more, and every read is fresh.</summary>
    public void CalmDown()
    {
        _faults = 0;
        Vipps.IsStale = false;
    }

    /// <summary>What a POS sends to its till; null when the answer was lost.</summary>
    public async Task<TillReply?> TillAsync(TillMessage message)
    {
        try
        {
            if (IsFault(20)) _storage.FailNext(new IOException("disk"), _chance.Next(2) == 0);
            return await Till().SendAsync(message);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task<TillState> TillStateAsync() => await LoadedAsync(ActorId.Of(TillAlphabet.Id), Machines.Till) ?? throw new InvalidOperationException("no till");

    public async Task<IReadOnlyList<PaymentState>> PaymentsAsync()
    {
        var states = new List<PaymentState>();
        foreach (var id in _known.Where(id => id.Kind == ActorKind.Payment))
        {
            if (await LoadedAsync(id, Machines.Payment) is { } state) states.Add(state);
        }

        return states;
    }

    /// <summary>Webhooks come, late, twice or in the wrong order, of whatever has happened to some payment.</summary>
    public async Task HintAsync()
    {
        if (Vipps.All.Count == 0) return;
        var reference = Vipps.All.Keys.ElementAt(_chance.Next(Vipps.All.Count));
        var name = ((string[])["CREATED", "AUTHORIZED", "CAPTURED", "CANCELLED", "TERMINATED", "EXPIRED", "REFUNDED"])[_chance.Next(7)];
        try
        {
            await ((LiveActor<PaymentState, PaymentMessage, PaymentReply>)Live(ActorId.Of(reference))).SendAsync(new PaymentMessage.Hint(name));
        }
        catch (IOException)
        {
            // The gateway answers 503, and Vipps sends it again.
            await Task.CompletedTask;
        }
    }

    /// <summary>One thing happens. False when nothing is left to happen before <paramref name="until"/>.</summary>
    public async Task<bool> StepAsync(DateTimeOffset until)
    {
        if (IsFault(100)) await CrashAsync();
        if (IsFault(40)) _storage.FailNext(new IOException("disk"), _chance.Next(2) == 0);
        var ready = _live.Values.Where(actor => actor.Waiting > 0 || actor.WakesAt <= Clock.Now).ToArray();
        var choices = ready.Length + _flights.Count;
        if (choices > 0 && _chance.Next(8) > 0)
        {
            var pick = _chance.Next(choices);
            if (pick < ready.Length) await TurnAsync(ready[pick]);
            else await FlyAsync(_flights[pick - ready.Length]);
            return true;
        }

        var next = _live.Values.Select(actor => actor.WakesAt).Where(at => at > Clock.Now).Min();
        if (choices > 0)
        {
            Clock.Now += TimeSpan.FromMilliseconds(_chance.Next(1, 400));
            return true;
        }

        if (next is null || next > until) return false;
        Clock.Now = next.Value;
        return true;
    }

    private static async Task TurnAsync(ILiveActor actor)
    {
        if (actor.Waiting > 0) await actor.NextOutcomeAsync();
        else await actor.WakeAsync(stored: false);
    }

    private async Task FlyAsync(Flight flight)
    {
        if (flight.Act is { } act)
        {
            flight.Act = null;
            if (IsFault(8))
            {
                // Lost on its way there; the caller hears nothing.
                _flights.Remove(flight);
                flight.Lose(_chance.Next(3));
                return;
            }

            flight.Answer = await act();
            return;
        }

        _flights.Remove(flight);
        if (IsFault(8)) flight.Lose(-1);
        else flight.Answer!();
    }

    /// <summary>The process dies; what it had sent may still have its effect. The next one wakes whoever owes anything.</summary>
    private async Task CrashAsync()
    {
        _live.Clear();
        foreach (var flight in _flights.Where(flight => flight.Act is not null && flight.IsAtVipps && _chance.Next(2) == 0)) await flight.Act!();
        _flights.Clear();
        foreach (var id in _known) await Live(id).WakeAsync(stored: true);
    }

    private bool IsFault(int oneIn)
    {
        if (_faults == 0 || _chance.Next(oneIn) > 0) return false;
        _faults--;
        return true;
    }

    private LiveActor<TillState, TillMessage, TillReply> Till() =>
        (LiveActor<TillState, TillMessage, TillReply>)Live(ActorId.Of(TillAlphabet.Id));

    private ILiveActor Live(ActorId id)
    {
        if (_live.TryGetValue(id, out var live)) return live;
        _known.Add(id);
        return _live[id] = id.Kind switch
        {
            ActorKind.Till => new LiveActor<TillState, TillMessage, TillReply>(id, Machines.Till, _ports),
            ActorKind.Payment => new LiveActor<PaymentState, PaymentMessage, PaymentReply>(id, Machines.Payment, _ports),
            ActorKind.Customer => new LiveActor<CustomerState, CustomerMessage, CustomerReply>(id, Machines.Customer, _ports),
            ActorKind.Login => new LiveActor<LoginState, LoginMessage, LoginReply>(id, Machines.Login, _ports),
            _ => throw new NotSupportedException($"No {id.Kind} here."),
        };
    }

    private async Task<TState?> LoadedAsync<TState, TMessage, TReply>(ActorId id, IMachine<TState, TMessage, TReply> machine)
        where TState : class
        where TMessage : class =>
        await _storage.LoadAsync(id) is { } stored ? Stored.Codec.Decode(stored.State, machine.StateJson(Stored.Codec)) : null;

    private async ValueTask<TReply> SendAsync<TState, TMessage, TReply>(ActorId id, TMessage message)
        where TState : class
        where TMessage : class =>
        await FlightAsync<TReply>(async () =>
        {
            try
            {
                var reply = await ((LiveActor<TState, TMessage, TReply>)Live(id)).SendAsync(message);
                return call => call.SetResult(reply);
            }
            catch (IOException failure)
            {
                return call => call.SetException(failure);
            }
        }, (call, _) => call.SetException(new IOException("lost")), false);

    private Task<VippsResult<T>> CallAsync<T>(Func<VippsResult<T>> act) => FlightAsync(
        () =>
        {
            var answer = act();
            return Task.FromResult<Action<TaskCompletionSource<VippsResult<T>>>>(call => call.SetResult(answer));
        },
        (call, how) => call.SetResult(how switch
        {
            0 => new VippsResult<T>.Later(new VippsFault(0), null),
            1 => new VippsResult<T>.Later(new VippsFault(429), TimeSpan.FromSeconds(3)),
            _ => new VippsResult<T>.Unknown("timeout"),
        }),
        true);

    private Task<T> FlightAsync<T>(Func<Task<Action<TaskCompletionSource<T>>>> act, Action<TaskCompletionSource<T>, int> lose, bool isAtVipps)
    {
        var call = new TaskCompletionSource<T>();
        _flights.Add(new Flight(isAtVipps, how => lose(call, how))
        {
            Act = async () =>
            {
                var answer = await act();
                return () => answer(call);
            },
        });
        return call.Task;
    }

    /// <summary>One call on its way: first there, then back.</summary>
    private sealed class Flight(bool isAtVipps, Action<int> lose)
    {
        public bool IsAtVipps => isAtVipps;

        public Func<Task<Action>>? Act { get; set; }

        public Action? Answer { get; set; }

        public void Lose(int how) => lose(how);
    }

    private static class Machines
    {
        public static readonly Till Till = new(new TillSettings(), TillAlphabet.Secret);
        public static readonly Payment Payment = new(new PaymentTimings());
        public static readonly Login Login = new();
        public static readonly Customer Customer = new(new CustomerSettings
        {
            CheckInUnits = [TillAlphabet.Profile.Msn],
            LoyaltyUnit = TillAlphabet.Profile.Msn,
            Programme = new LoyaltyProgramme(100, null, null),
        });
    }

    public ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation = default) =>
        SendAsync<TillState, TillMessage, TillReply>(ActorId.Of(till), message);

    public ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation = default) =>
        SendAsync<CustomerState, CustomerMessage, CustomerReply>(ActorId.Of(customer), message);

    public ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation = default) =>
        SendAsync<PaymentState, PaymentMessage, PaymentReply>(ActorId.Of(payment), message);

    public ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation = default) =>
        SendAsync<LoginState, LoginMessage, LoginReply>(ActorId.Of(login), message);

    public ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation = default) => throw new NotSupportedException();

    Task<VippsResult<PaymentCreated>> IPaymentApi.CreateAsync(CreatePayment request, CancellationToken cancellation) => CallAsync(() => Vipps.Create(request));

    Task<VippsResult<PaymentRead?>> IPaymentApi.ReadAsync(ReadPayment request, CancellationToken cancellation) => CallAsync(() => Vipps.Read(request));

    Task<VippsResult<PaymentRead>> IPaymentApi.CaptureAsync(ChangePayment request, CancellationToken cancellation) => CallAsync(() => Vipps.Capture(request));

    Task<VippsResult<PaymentRead>> IPaymentApi.CancelAsync(ChangePayment request, CancellationToken cancellation) => CallAsync(() => Vipps.Cancel(request));

    Task<VippsResult<PaymentRead>> IPaymentApi.RefundAsync(ChangePayment request, CancellationToken cancellation) => CallAsync(() => Vipps.Refund(request));

    Task<VippsResult<System.Collections.Immutable.ImmutableArray<PaymentEventRead>>> IPaymentApi.EventsAsync(ReadPayment request, CancellationToken cancellation) => throw new NotSupportedException();

    Task<VippsResult<QrExchanged>> IQrApi.ExchangeAsync(Msn msn, QrText qr, CancellationToken cancellation) => throw new NotSupportedException();

    Task<VippsResult<System.Collections.Immutable.ImmutableArray<WebhookRegistration>>> IWebhookApi.ListAsync(Msn msn, CancellationToken cancellation) => throw new NotSupportedException();

    Task<VippsResult<WebhookRegistered>> IWebhookApi.RegisterAsync(Msn msn, string url, System.Collections.Immutable.ImmutableArray<string> events, CancellationToken cancellation) => throw new NotSupportedException();

    Task<VippsResult<bool>> IWebhookApi.DeleteAsync(Msn msn, string id, CancellationToken cancellation) => throw new NotSupportedException();

    Task<VippsResult<string>> ICheckInApi.CheckInAsync(CheckIn request, CancellationToken cancellation) => CallAsync(() => Members.CheckIn(request));

    Task<VippsResult<bool>> ILoginApi.UserExistsAsync(Msn msn, Msisdn phone, CancellationToken cancellation) => CallAsync<bool>(() => new VippsResult<bool>.Ok(true));

    Task<VippsResult<LoginRequested>> ILoginApi.RequestAsync(RequestLogin request, CancellationToken cancellation) => CallAsync(Members.Ask);

    Task<VippsResult<LoginStanding>> ILoginApi.ExchangeAsync(Msn msn, Secret authReqId, CancellationToken cancellation) => CallAsync(() => TinyMembers.Exchange(authReqId));

    Task<VippsResult<UserInfo>> ILoginApi.UserInfoAsync(Msn msn, Secret accessToken, CancellationToken cancellation) => CallAsync(Members.UserInfo);

    Task<VippsResult<bool>> ILoyaltyPublisher.PublishAsync(CustomerId customer, LoyaltyEvent happened, CancellationToken cancellation) =>
        CallAsync(() => Members.Publish(happened));

    bool IWatchers.IsWatched(ActorId id) => false;

    void IWatchers.Push(ActorId id, object view)
    {
    }

    void IShellLog.Alert(ActorId id, string what) => Alerts.Add(what);

    void IShellLog.StorageFailed(ActorId id, Exception failure)
    {
    }

    void IShellLog.OperationFailed(ActorId id, string operation, Exception failure)
    {
    }
}
