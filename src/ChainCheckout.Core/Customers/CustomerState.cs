namespace ChainCheckout.Core.Customers;

/// <summary>A customer as the chain knows them: so far, by the phone number alone.</summary>
/// <param name="Phone">Null until a till has met the customer.</param>
public sealed record CustomerState(Msisdn? Phone, DateTimeOffset? MetAt);

/// <summary>Everything that a customer can be told.</summary>
public abstract record CustomerMessage
{
    private CustomerMessage()
    {
    }

    /// <summary>A till learned who stands before it.</summary>
    public sealed record Met(Msisdn Phone, TillId At) : CustomerMessage;
}

/// <summary>What a customer answers.</summary>
public abstract record CustomerReply
{
    private CustomerReply()
    {
    }

    public sealed record Known : CustomerReply;
}
