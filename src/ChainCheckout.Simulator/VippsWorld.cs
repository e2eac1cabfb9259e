using ChainCheckout.Simulator.Access;
using ChainCheckout.Simulator.Control;
using ChainCheckout.Simulator.Customers;
using ChainCheckout.Simulator.Faults;
using ChainCheckout.Simulator.Http;
using ChainCheckout.Simulator.Ledgers;
using ChainCheckout.Simulator.Members;
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
    private readonly CheckInApi _checkIns;
    private readonly LoginApi _logins;
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
        _checkIns = new CheckInApi(Ledger);
        _logins = new LoginApi(options.Units, Clock, _alarms, _customers, Ledger, _webhooks);
        _loyalty = new LoyaltyApi(options, Ledger, wall);
        _tokens = new AccessTokens(options.Units, Clock, TimeSpan.FromSeconds(options.TokenLifeSeconds));
        _gate = new Gatekeeper(options.Units, _tokens);
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

    /// <summary>A personal code of a given age, or one that the exchange refuses.</summary>
    /// <param name="age">Real time since the code was made.</param>
    public string MintQr(string msisdn, TimeSpan age = default, bool expired = false) =>
        _codes.Mint(msisdn, age, expired);

    /// <summary>From now on every access token is refused, as after a rotation.</summary>
    public void RevokeTokens() => _tokens.RevokeAll();

    /// <summary>What a customer does with the logins to come, instead of what the script says.</summary>
    public void TellLogin(string msisdn, LoginScript told) => _customers.TellLogin(msisdn, told);

    /// <summary>Every call to the Loyalty API is answered 503, without effect.</summary>
    public bool IsLoyaltyAway
    {
        get => _loyalty.IsAway;
        set => _loyalty.IsAway = value;
    }

    /// <summary>Webhook deliveries that are still to come, retries included.</summary>
    public int WebhooksWaiting => _postman.Waiting;

    public async ValueTask DisposeAsync()
    {
        _alarms.Dispose();
        await _postman.DisposeAsync();
        await Ledger.DisposeAsync();
    }

    internal IEnumerable<SalesUnit> Units => _options.Units;

    internal StatsBody Stats() => new(Calls.All(), _postman.Tries, _postman.Waiting, _book.Counts.All());

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
        if (request.Route.IsLogin) return _logins.Answer(request);
        if (_gate.Check(request, out var caller) is { } refused) return refused;
        return request.Kind switch
        {
            CallKind.Exchange => _qr.Exchange(request, caller),
            CallKind.CheckIn => _checkIns.CheckIn(request, caller),
            CallKind.Loyalty => _loyalty.Publish(request, caller),
            CallKind.Create => _payments.Create(request, caller),
            CallKind.Get => _payments.Get(request, caller, behind),
            CallKind.Events => _payments.Events(request, caller, behind),
            CallKind.Capture => _payments.Capture(request, caller),
            CallKind.Cancel => _payments.Cancel(request, caller),
            CallKind.Refund => _payments.Refund(request, caller),
            CallKind.Approve => _payments.Approve(request, caller),
            CallKind.RegisterWebhook => _webhooks.Register(request, caller),
            CallKind.ListWebhooks => _webhooks.List(caller),
            CallKind.DeleteWebhook => _webhooks.Delete(request, caller),
            _ => Problems.Gateway(404, "Resource not found", request),
        };
    }
}
