namespace ChainCheckout.Core.Ports;

/// <summary>What Vipps said when it did not do as asked. No text of it is ever branched on.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The numeric code of <c>extraDetails</c> (<c>"4150"</c>), or empty.</param>
/// <param name="Title">The vendor's words, for the log and the operator.</param>
/// <param name="Field">The field that it names, or empty.</param>
/// <param name="TraceId">For the vendor's support.</param>
public sealed record VippsFault(int Status, string Code = "", string Title = "", string Field = "", string TraceId = "");

/// <summary>
/// The outcome of one call, by what is known of its effect. A closed set: every failure is one of these, none is an exception.
/// </summary>
public abstract record VippsResult<T>
{
    private VippsResult()
    {
    }

    /// <summary>Done, and this is the answer.</summary>
    public sealed record Ok(T Value) : VippsResult<T>;

    /// <summary>A definitive 4xx (not 401, 423, 429; 409 is in here, with its status): nothing was done with this key, nor ever will be.</summary>
    public sealed record Refused(VippsFault Fault) : VippsResult<T>;

    /// <summary>Not done, and worth asking again with the same key: 401 after a refresh, 423, 429, 6160, 6250, 6280, or never sent (breaker, budget).</summary>
    public sealed record Later(VippsFault Fault, TimeSpan? RetryAfter) : VippsResult<T>;

    /// <summary>Nobody knows: a timeout, a 5xx, a cut connection, an answer that does not parse. Perhaps done.</summary>
    public sealed record Unknown(string Reason) : VippsResult<T>;
}
