using System.Text.Json.Nodes;
using ChainCheckout.Simulator;

namespace ChainCheckout.Tests.EndToEnd;

/// <summary>One shop for the tests of a class that keep to tills and customers of their own.</summary>
public class ShopFixture : IAsyncLifetime
{
    internal Shop Shop { get; private set; } = null!;

    private protected virtual SimulatorOptions Simulator => new();

    private protected virtual ShopStore[] Stores => [ShopStore.Storgata];

    private protected virtual void Change(JsonObject settings)
    {
    }

    public async Task InitializeAsync() => Shop = await Shop.OpenAsync(Simulator, Change, tills: 40, Stores);

    public async Task DisposeAsync() => await Shop.DisposeAsync();
}
