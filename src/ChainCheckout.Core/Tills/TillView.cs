using ChainCheckout.Core.Customers;

namespace ChainCheckout.Core.Tills;

/// <summary>What the cashier should see, whole. <see cref="Allowed"/> names the commands that would be accepted now.</summary>
/// <param name="Stage"><c>idle, identifying, open, ready, holding, paying, checking, cancelling, paid, completed, stopped</c>.</param>
public sealed record TillView(
    long Version, string? SaleId, string Stage, TillCode Code, string Text, string Hint, ImmutableArray<string> Allowed,
    string? CustomerMasked, PaymentView? Payment, Receipt? Receipt, RefundSlot? Refund, string? RefundText,
    MemberCard? Member = null, string? CustomerNotice = null, EnrolmentView? Enrolment = null);

/// <param name="Stage"><c>asking, waiting, joined, denied, expired, failed</c>.</param>
/// <param name="Binding">Also on the customer's phone: both should show the same.</param>
/// <param name="SecondsLeft">Of the customer's time to answer; null while it has not begun, and after the end.</param>
public sealed record EnrolmentView(string Stage, TillCode Code, string Text, string Hint, string Binding, int? SecondsLeft);

/// <param name="SecondsLeft">Of the customer's time to act; null while it has not begun.</param>
public sealed record PaymentView(PaymentReference Reference, Money Amount, int Attempt, string Stage, int? SecondsLeft);
