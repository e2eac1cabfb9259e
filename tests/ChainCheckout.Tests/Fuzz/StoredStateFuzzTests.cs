using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCheckout.Core.Ports;
using ChainCheckout.Tests.Actors;
using ChainCheckout.Tests.Golden;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Fuzz;

/// <summary>Stored bytes that something has damaged: loaded, or refused in one of the ways that the codec names.</summary>
public sealed class StoredStateFuzzTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("payment")]
    [InlineData("till")]
    [InlineData("salesUnit")]
    [InlineData("store")]
    [InlineData("customer")]
    [InlineData("login")]
    public void State_OfDamagedBytes_IsLoadedOrRefused(string kind)
    {
        var states = Stored.Codec.States;
        Action<byte[]> load = kind switch
        {
            "payment" => Loading(states.PaymentState),
            "till" => Loading(states.TillState),
            "salesUnit" => Loading(states.SalesUnitState),
            "store" => Loading(states.StoreState),
            "customer" => Loading(states.CustomerState),
            _ => Loading(states.LoginState),
        };
        var corpus = GoldenStates.All().Where(one => one.Key.Split('-')[0] == kind).Select(one => one.Value.ToArray()).ToArray();
        Assert.NotEmpty(corpus);
        Array.ForEach(corpus, load);
        var refused = 0;

        Fuzzing.Run(new Mutator(kind.Length, corpus), Fuzzing.StoredStates / 6, bytes =>
        {
            try
            {
                load(bytes);
            }
            catch (Exception damaged) when (damaged is JsonException or PersonalValueException)
            {
                refused++;
            }
        });

        output.WriteLine($"{Fuzzing.StoredStates / 6} states of a {kind}, {refused} refused");
        Assert.InRange(refused, Fuzzing.StoredStates / 12, Fuzzing.StoredStates / 6);
    }

    private static Action<byte[]> Loading<T>(JsonTypeInfo<T> type) => bytes => Assert.NotNull(Stored.Codec.Decode(bytes, type));
}
