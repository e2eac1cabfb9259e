using System.Collections.Concurrent;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Simulator.Customers;

/// <summary>What the simulated people do: the script for all, and what one of them was told by hand.</summary>
internal sealed class CustomerBook(Script script, int seed)
{
    private readonly ConcurrentDictionary<string, HandScript> _byHand = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoginScript> _loginsByHand = new(StringComparer.Ordinal);

    public void Tell(string msisdn, HandScript told) => _byHand[msisdn] = told;

    public void TellLogin(string msisdn, LoginScript told) => _loginsByHand[msisdn] = told;

    public bool IsUser(string msisdn) =>
        !_byHand.TryGetValue(msisdn, out var told) || told.Answer != CustomerAnswer.NotAUser;

    /// <summary>Whether a login can be asked of the number. Who is no payer has no account, unless told.</summary>
    public bool HasAccount(string msisdn)
    {
        if (!Population.IsMobile(msisdn)) return false;
        return _loginsByHand.TryGetValue(msisdn, out var told)
            ? told.Answer != LoginAnswer.NoAccount
            : IsUser(msisdn);
    }

    public PlannedAnswer? Plan(PaymentOrder order) =>
        Scripts.Plan(order, script, seed, order.Msisdn is null ? null : _byHand.GetValueOrDefault(order.Msisdn));

    public LoginScript LoginOf(string msisdn) =>
        _loginsByHand.GetValueOrDefault(msisdn) ?? LoginScripts.Of(msisdn, script, seed);
}
