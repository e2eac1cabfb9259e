namespace ChainCheckout.Core.Values;

/// <summary>What a customer allows the chain to send. Only as given: nothing is allowed by silence.</summary>
public readonly record struct Consents(bool Email, bool Sms, bool Postal);
