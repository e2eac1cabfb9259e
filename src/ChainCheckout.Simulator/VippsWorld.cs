using System.Runtime.InteropServices;
using System.Text.Json;
using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.CheckIn;
using ChainCheckout.Simulator.Control;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Login;
using ChainCheckout.Simulator.Loyalty;
using ChainCheckout.Simulator.Payments;
using ChainCheckout.Simulator.Time;
using ChainCheckout.Simulator.Webhooks;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Simulator;

/// <summary>
/// The simulated Vipps itself, without a server in front: carries out one request at a time, at once. A new API
/// is a folder of its own, a line in <see cref="Route"/> and an arm in <see cref="CarryOut"/>.
/// </summary>
public sealed class VippsWorld : IAsyncDisposable
{
    private readonly AccessTokens _tokens;
    private readonly Gatekeeper _gate;
    private readonly PaymentApi _payments;
    private readonly PaymentBook _book;
    private readonly CustomerBook _customers;
    private readonly QrCodes _codes;
    private readonly QrApi _qr;
    private readonly CheckInApi _checkIn;
    private readonly LoginBook _logins;
    private readonly LoginApi _login;
    private readonly LoyaltyApi _loyalty;
    private readonly WebhookApi _webhooks;
    private readonly Postman _postman;
    private readonly Alarms _alarms;
    private readonly SimulatorOptions _options;

    internal VippsWorld(SimulatorOptions options, TimeProvider wall, ILoggerFactory loggers)
    {
        options.Validate();
        _options = options;
        Clock = new SimulatedClock(wall, options.TimeFactor);
        Ledger = new Ledger(options.Ledger, options.KeepLedger, wall, loggers.CreateLogger<Ledger>());
        Faults = new FaultBook(options.Seed);
        _alarms = new Alarms(Clock);
        _postman = new Postman(Clock, _alarms, Faults, Ledger, loggers.CreateLogger<Postman>(), options.WebhookWorkers);
        _webhooks = new WebhookApi(options.Units, _postman, Ledger, options.AllowHttpWebhooks);
        _book = new PaymentBook(Clock, _alarms, Ledger, _webhooks);
        _codes = new QrCodes(Clock);
        _customers = new CustomerBook(options.Script, options.Seed);
        _payments = new PaymentApi(_book, Keys, new CreateRules(_codes, _customers), _customers, Clock);
        _qr = new QrApi(_codes, Ledger);
        _tokens = new AccessTokens(options.Units, Clock, TimeSpan.FromSeconds(options.TokenLifeSeconds));
        _gate = new Gatekeeper(options.Units, _tokens);
        _checkIn = new CheckInApi(Ledger);
        _logins = new LoginBook(Clock, _alarms, Ledger, _webhooks) { Pings = options.LoginPings };
        _login = new LoginApi(
            _logins,
            new LoginGate(options.Units, _tokens),
            new LoginRules(_customers),
            new LoginTokens(Clock),
            _customers,
            Clock,
            $"http://{options.Host}:{options.Port}");
        _loyalty = new LoyaltyApi(Clock, Ledger, options.LoyaltyStatus, options.LoyaltyPerSecondMax)
        {
            Away = options.LoyaltyAway,
        };
    }

    public SimulatedClock Clock { get; }

    public Ledger Ledger { get; }

    public FaultBook Faults { get; }

    internal IdempotencyKeys Keys { get; } = new();

    internal CallCounts Calls { get; } = new();

    /// <summary>A payment as time has made it by now; null if there is none.</summary>
    public Payment? Find(string msn, string reference)
    {
        if (_book.Find(msn, reference) is not { } slot) return null;
        lock (slot.Gate) return _book.Settled(slot);
    }

    /// <summary>Approves as the customer would. False when the payment does not wait for it.</summary>
    public bool Approve(string msn, string reference) => _payments.ActByHand(msn, reference, approves: true);

    /// <summary>Refuses as the customer would. False when the payment does not wait for it.</summary>
    public bool Refuse(string msn, string reference) => _payments.ActByHand(msn, reference, approves: false);

    /// <summary>What a customer does with the pushes to come, instead of what the script says.</summary>
    /// <param name="after">Simulated time between the push and the answer.</param>
    public void Tell(string msisdn, CustomerAnswer answer, TimeSpan after = default) =>
        _customers.Tell(msisdn, new HandScript(answer, after));

    /// <summary>What a person does with the login pushes to come, instead of what the script says.</summary>
    public void TellLogin(string msisdn, LoginScript told) => _customers.TellLogin(msisdn, told);

    /// <summary>Accepts as the person would. False when no login of theirs waits.</summary>
    public bool AcceptLogin(string msisdn) => _logins.ActByHand(msisdn, accepts: true);

    /// <summary>Denies as the person would. False when no login of theirs waits.</summary>
    public bool DenyLogin(string msisdn) => _logins.ActByHand(msisdn, accepts: false);

    /// <summary>How a person's newest login stands by now; null if there was none.</summary>
    public LoginState? LoginOf(string msisdn) => _logins.StateOf(msisdn);

    /// <summary>How the pings of all logins come from now on.</summary>
    public LoginPings LoginPings
    {
        get => _logins.Pings;
        set => _logins.Pings = value;
    }

    /// <summary>While it is away, the Loyalty API answers every call with 503 and does nothing.</summary>
    public bool LoyaltyAway
    {
        get => _loyalty.Away;
        set => _loyalty.Away = value;
    }

    /// <summary>A webhook with a body of the caller's, to whoever has registered for it. False when nobody has.</summary>
    public bool SendWebhook(string msn, string eventType, JsonElement body)
    {
        var bytes = JsonMarshal.GetRawUtf8Value(body).ToArray();
        var lane = $"{msn}/{eventType}/{Guid.NewGuid():N}";
        return _webhooks.Tell(msn, eventType, () => new Notice(lane, msn, null, eventType, () => bytes)) > 0;
    }

    /// <summary>A personal code of a given age, or one that the exchange refuses.</summary>
    /// <param name="age">Real time since the code was made.</param>
    public string MintQr(string msisdn, TimeSpan age = default, bool expired = false) =>
        _codes.Mint(msisdn, age, expired);

    /// <summary>From now on every access token is refused, as after a rotation.</summary>
    public void RevokeTokens() => _tokens.RevokeAll();

    /// <summary>Webhook deliveries that are still to come, retries included.</summary>
    public int WebhooksWaiting => _postman.Waiting;

    public async ValueTask DisposeAsync()
    {
        _alarms.Dispose();
        await _postman.DisposeAsync();
        await Ledger.DisposeAsync();
    }

    internal IEnumerable<SalesUnit> Units => _options.Units;

    internal StatsBody Stats() => new(
        Calls.All(),
        _postman.Tries,
        _postman.Waiting,
        _book.Counts.All(),
        new LoyaltyStatsBody(Calls.Of(CallKind.Loyalty), _loyalty.Events, _loyalty.Repeats));

    /// <param name="behind">Real time that a read is behind the writes.</param>
    internal Answer CarryOut(ApiRequest request, TimeSpan? behind = null)
    {
        var answer = Dispatch(request, behind);
        if (_options.LedgerCalls) NoteCall(request, answer.Status);
        return answer;
    }

    internal void NoteCall(ApiRequest request, int status)
    {
        if (!_options.LedgerCalls || !(request.Route.IsMutation || status >= 400)) return;
        Ledger.Append(new LedgerLine("call")
        {
            Msn = request.Header("Merchant-Serial-Number"),
            Reference = request.Reference(),
            IdempotencyKey = request.Header("Idempotency-Key"),
            Event = CallCounts.NameOf(request.Kind),
            Status = status,
        });
    }

    private Answer Dispatch(ApiRequest request, TimeSpan? behind)
    {
        if (request.Kind == CallKind.Token) return _tokens.Issue(request);
        if (request.Route.IsLogin) return _login.CarryOut(request);
        if (request.Kind == CallKind.Loyalty && _loyalty.Refuse(request) is { } away) return away;
        if (_gate.Check(request, out var caller) is { } refused) return refused;
        return request.Kind switch
        {
            CallKind.Exchange => _qr.Exchange(request, caller),
            CallKind.Create => _payments.Create(request, caller),
            CallKind.Get => _payments.Get(request, caller, behind),
            CallKind.Events => _payments.Events(request, caller, behind),
            CallKind.Capture => _payments.Capture(request, caller),
            CallKind.Cancel => _payments.Cancel(request, caller),
            CallKind.Refund => _payments.Refund(request, caller),
            CallKind.Approve => _payments.Approve(request, caller),
            CallKind.CheckIn => _checkIn.CheckIn(request, caller),
            CallKind.Loyalty => _loyalty.Take(request, caller),
            CallKind.RegisterWebhook => _webhooks.Register(request, caller),
            CallKind.ListWebhooks => _webhooks.List(caller),
            CallKind.DeleteWebhook => _webhooks.Delete(request, caller),
            _ => Problems.Gateway(404, "Resource not found", request),
        };
    }
}
