namespace ChainCheckout.Load.Journeys;

/// <summary>Carries out the steps of a journey for whoever measures each of them apart.</summary>
public interface IJourneySteps
{
    /// <summary>Runs <paramref name="step"/> once, and hands on what it returns or throws.</summary>
    /// <param name="name">One of <see cref="JourneySteps"/>.</param>
    /// <param name="end">What a result means.</param>
    Task<T> RunAsync<T>(string name, Func<Task<T>> step, Func<T, StepEnd> end);
}

/// <param name="IsOk">The step came to what was planned.</param>
/// <param name="Code">An outcome, or the protocol's code. Never a value from the sale.</param>
public readonly record struct StepEnd(bool IsOk, string Code);

/// <summary>The steps' names, as reports show them.</summary>
public static class JourneySteps
{
    /// <summary>From the scan, or the typed number, to the first view that says who the customer is.</summary>
    public const string Scan = "scan";

    /// <summary>From asking for the money to the view that ends this payment.</summary>
    public const string Pay = "pay";

    /// <summary>From completing with another tender to the view that says so.</summary>
    public const string OtherTender = "other-tender";

    /// <summary>From asking for a refund to the view that ends it.</summary>
    public const string Refund = "refund";
}

/// <summary>Nobody measures: each step is simply done.</summary>
public sealed class UnmeasuredSteps : IJourneySteps
{
    public static readonly UnmeasuredSteps Instance = new();

    public Task<T> RunAsync<T>(string name, Func<Task<T>> step, Func<T, StepEnd> end) => step();
}
