namespace ChainCheckout.Load.Books;

/// <summary>One payment as the server has stored it. Amounts in minor units.</summary>
public sealed record StoredPayment(string Reference, string Stage, long CapturedMinor, long RefundedMinor);
