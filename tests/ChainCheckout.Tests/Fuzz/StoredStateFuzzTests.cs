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
        var load = Loading(kind);
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

    /// <summary>What once came out as an exception of some value's own.</summary>
    [Theory]
    [InlineData("payment", """{"$type":"captured","case":{"reference":"s42-t}-1-2"}}""")]
    [InlineData("payment", """{"case":{}}""")]
    [InlineData("till", """{"id":"004-3-0123"}""")]
    [InlineData("till", """{"id":null}""")]
    [InlineData("salesUnit", """{"hooks":[],"step":{"":[],"$typo":"rest"},"tries":0,"parked":[]}""")]
    [InlineData("customer", """{"phone":"1:test-1:\ud800"}""")]
    [InlineData("login", """{"id":"VYG1","owner":{"a":"b"}}""")]
    [InlineData("store", "")]
    public void State_ThatBrokeOnce_IsAJsonFault(string kind, string stored) =>
        Assert.Throws<JsonException>(() => Loading(kind)(System.Text.Encoding.UTF8.GetBytes(stored)));

    private static Action<byte[]> Loading(string kind) => kind switch
    {
        "payment" => Loading(Stored.Codec.States.PaymentState),
        "till" => Loading(Stored.Codec.States.TillState),
        "salesUnit" => Loading(Stored.Codec.States.SalesUnitState),
        "store" => Loading(Stored.Codec.States.StoreState),
        "customer" => Loading(Stored.Codec.States.CustomerState),
        _ => Loading(Stored.Codec.States.LoginState),
    };

    private static Action<byte[]> Loading<T>(JsonTypeInfo<T> type) => bytes => Assert.NotNull(Stored.Codec.Decode(bytes, type));
}
