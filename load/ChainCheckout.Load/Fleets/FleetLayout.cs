namespace ChainCheckout.Load.Fleets;

/// <summary>The stores of a fleet and the credentials of their tills.</summary>
public sealed record FleetLayout(IReadOnlyList<StoreLayout> Stores)
{
    public int Tills => Stores.Sum(store => store.Tills.Count);
}

/// <param name="Number">1 to 9999.</param>
/// <param name="Currency">ISO 4217: what its tills pay in.</param>
public sealed record StoreLayout(int Number, string Currency, IReadOnlyList<TillLayout> Tills);

/// <param name="Number">1 to 99.</param>
/// <param name="PosSecret">Base64 of at least 16 bytes.</param>
/// <param name="ScannerSecret">Base64 of at least 16 bytes.</param>
public sealed record TillLayout(int Number, string PosSecret, string ScannerSecret)
{
    // Secrets never print themselves.
    public override string ToString() => $"till {Number}";
}
