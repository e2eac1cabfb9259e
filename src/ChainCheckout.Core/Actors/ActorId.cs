namespace ChainCheckout.Core.Actors;

/// <summary>The kinds of actor. The number is stored: never reuse one.</summary>
public enum ActorKind
{
    Till = 1,
    Store = 2,
    Customer = 3,
    Payment = 4,
    SalesUnit = 5,
    Login = 6,
}

/// <summary>Names one actor in the whole deployment. The key is never personal.</summary>
public readonly record struct ActorId(ActorKind Kind, string Key)
{
    public override string ToString() => $"{Kind}/{Key}";

    public static ActorId Of(TillId till) => new(ActorKind.Till, till.ToString());

    public static ActorId OfStore(int store) => new(ActorKind.Store, store.ToString("D4", System.Globalization.CultureInfo.InvariantCulture));

    public static ActorId Of(CustomerId customer) => new(ActorKind.Customer, customer.ToString());

    public static ActorId Of(PaymentReference reference) => new(ActorKind.Payment, reference.ToString());

    public static ActorId Of(LoginId login) => new(ActorKind.Login, login.ToString());

    public static ActorId Of(Msn msn) => new(ActorKind.SalesUnit, msn.ToString());
}
