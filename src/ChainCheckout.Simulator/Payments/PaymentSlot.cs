namespace ChainCheckout.Simulator.Payments;

/// <summary>
/// The place of one reference of one sales unit. It exists from the first call that names it, so that the limits
/// count also before there is a payment and when there never will be one.
/// </summary>
internal sealed class PaymentSlot(string msn, string reference)
{
    public Lock Gate { get; } = new();

    public string Msn => msn;

    public string Reference => reference;

    /// <summary>The newest version; null until created. Read and written under <see cref="Gate"/>.</summary>
    public PaymentVersion? Newest { get; set; }

    public Payment? Payment => Newest?.Payment;

    public SlidingWindow Mutations { get; } = new(Limits.MutationsPerMinute, Limits.RateWindow);

    public SlidingWindow Reads { get; } = new(Limits.ReadsPerMinute, Limits.RateWindow);
}

/// <summary>A payment as it was from a real instant on, with all that it was before: a read may be behind.</summary>
internal sealed record PaymentVersion(Payment Payment, DateTimeOffset Since, PaymentVersion? Older)
{
    /// <returns>Null if there was no payment then.</returns>
    public Payment? AsOf(DateTimeOffset instant)
    {
        var version = this;
        while (version is not null && version.Since > instant) version = version.Older;
        return version?.Payment;
    }
}
