using System.Collections.Concurrent;
using ChainCheckout.Simulator.Members;
using ChainCheckout.Simulator.Payments;

namespace ChainCheckout.Simulator.Customers;

/// <summary>What the simulated people do: the script for all, and what one of them was told by hand.</summary>
internal sealed class CustomerBook(Script script, int seed)
{
    private readonly ConcurrentDictionary<string, HandScript> _byHand = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoginScript> _logins = new(StringComparer.Ordinal);

    public void Tell(string msisdn, HandScript told) => _byHand[msisdn] = told;

    public bool IsUser(string msisdn) =>
        !_byHand.TryGetValue(msisdn, out var told) || told.Answer != CustomerAnswer.NotAUser;

    public void TellLogin(string msisdn, LoginScript told) => _logins[msisdn] = told;

    /// <summary>What this person does with a login: as told by hand, or by the script.</summary>
    public LoginScript LoginOf(string msisdn) => _logins.TryGetValue(msisdn, out var told) ? told
        : script == Script.Prompt ? LoginScript.Prompt
        : LoginScript.Mixed(Mix.Of(seed, "login:" + msisdn));

    public PlannedAnswer? Plan(PaymentOrder order) =>
        Scripts.Plan(order, script, seed, order.Msisdn is null ? null : _byHand.GetValueOrDefault(order.Msisdn));
}
