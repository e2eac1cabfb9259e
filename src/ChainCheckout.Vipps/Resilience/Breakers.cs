using System.Collections.Frozen;
using ChainCheckout.Vipps.Options;
using ChainCheckout.Vipps.Sending;
using Microsoft.Extensions.Logging;

namespace ChainCheckout.Vipps.Resilience;

/// <summary>The breakers of all sales units, one for each API that takes their calls.</summary>
internal sealed partial class Breakers : IVippsHealth
{
    /// <summary>What a sale needs.</summary>
    private static readonly VippsApi[] Selling = [VippsApi.EPayment, VippsApi.Qr, VippsApi.Webhooks];

    private static readonly VippsApi[] Guarded = [.. Selling, VippsApi.CheckIn, VippsApi.Login, VippsApi.Loyalty];

    private readonly FrozenDictionary<(Msn Msn, VippsApi Api), Breaker> _breakers;
    private readonly ILogger<Breakers> _logger;

    public Breakers(VippsOptions options, TimeProvider clock, ILogger<Breakers> logger)
    {
        _logger = logger;
        _breakers = options.SalesUnits
            .SelectMany(unit => Guarded, (unit, api) => (new Msn(unit.MerchantSerialNumber), api))
            .ToFrozenDictionary(
                key => key, key => new Breaker(options.Breaker, clock, state => OnChange(key.Item1, key.api, state)));
    }

    public event Action<BreakerChange>? Changed;

    public Breaker this[Msn msn, VippsApi api] => _breakers[(msn, api)];

    public bool IsOpen(Msn msn, VippsApi api) => _breakers.TryGetValue((msn, api), out var breaker) && breaker.IsOpen;

    public bool IsOpen(Msn msn) => Array.Exists(Selling, api => IsOpen(msn, api));

    private void OnChange(Msn msn, VippsApi api, BreakerState state)
    {
        if (state == BreakerState.Open) LogOpened(msn, api);
        else if (state == BreakerState.Closed) LogClosed(msn, api);
        else LogTrying(msn, api);
        Changed?.Invoke(new BreakerChange(msn, api, state));
    }
}
