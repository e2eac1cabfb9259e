using System.Text;
using ChainCheckout.Core.Actors;
using ChainCheckout.Core.Customers;
using ChainCheckout.Core.Logins;
using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Tests.Customers;
using ChainCheckout.Tests.Tills;
using Microsoft.AspNetCore.Http;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Fuzz;

public sealed class AdminFuzzTests(ITestOutputHelper output)
{
    private const string Row = """{"line":2,"memberId":"m-1","phone":"4791234567","joinedOn":"2020-01-31T00:00:00Z","points":120,"acceptsEmail":true,"acceptsSms":false,"acceptsPostal":true}""";

    [Theory]
    [InlineData("import", "[" + Row + "," + Row + "]")]
    [InlineData("erase", """{"phone":"4791234567"}""")]
    [InlineData("show", """{"phone":"4791234567"}""")]
    [InlineData("move", """{"from":"4791234567","to":"4791234568"}""")]
    public async Task Body_OfAnyBytes_IsAnsweredWithoutAnException(string what, string good)
    {
        var endpoint = Endpoint();
        var answers = new SortedDictionary<int, int>();
        await Fuzzing.RunAsync(new Mutator(what.Length, [Encoding.UTF8.GetBytes(good)]), Fuzzing.AdminBodies / 4, async bytes =>
        {
            var status = await PostAsync(endpoint, what, bytes);
            answers[status] = answers.GetValueOrDefault(status) + 1;
        });

        output.WriteLine($"{Fuzzing.AdminBodies / 4} bodies to {what}: {string.Join(", ", answers)}");
        Assert.All(answers.Keys, status => Assert.Contains(status, new[] { 200, 400, 404 }));
    }

    /// <summary>Bodies that once ended in an exception or in a member who cannot be.</summary>
    [Theory]
    [InlineData("import", "[null]", 400)]
    [InlineData("import", """[{"line":2,"memberId":null,"phone":"4791234567","points":1}]""", 200)]
    [InlineData("import", """[{"line":2,"memberId":"m-1","phone":"4791234567","points":9223372036854775807}]""", 200)]
    [InlineData("import", """[{"line":2,"memberId":"m-1","phone":"4791234567","points":-1}]""", 200)]
    public async Task Body_ThatBrokeOnce_IsRefused(string what, string body, int status)
    {
        var context = new DefaultHttpContext();
        Assert.Equal(status, await PostAsync(Endpoint(), what, Encoding.UTF8.GetBytes(body), context));

        context.Response.Body.Position = 0;
        var said = await new StreamReader(context.Response.Body).ReadToEndAsync();
        Assert.DoesNotContain("\"imported\":1", said, StringComparison.Ordinal);
    }

    private static MembersEndpoint Endpoint() =>
        new(new UnmetCustomers(), new InMemoryActorStorage(), TillAlphabet.Secret, TimeProvider.System);

    private static async Task<int> PostAsync(MembersEndpoint endpoint, string what, byte[] body, DefaultHttpContext? context = null)
    {
        context ??= new DefaultHttpContext();
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = new MemoryStream();
        await endpoint.HandleAsync(context, "POST", ["admin", "members", what]);
        return context.Response.StatusCode;
    }

    /// <summary>Every customer is told their first message, and forgets it.</summary>
    private sealed class UnmetCustomers : IActors
    {
        public ValueTask<CustomerReply> SendAsync(CustomerId customer, CustomerMessage message, CancellationToken cancellation = default)
        {
            var machine = CustomerAlphabet.Machine;
            var made = machine.Decide(machine.Initial(customer.ToString()), message, DateTimeOffset.UnixEpoch);
            if (made.State.Member is { } member) Assert.True(member.Points >= 0 && member.MemberId.Length > 0);
            return ValueTask.FromResult(made.Reply);
        }

        public ValueTask<TillReply> SendAsync(TillId till, TillMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<PaymentReply> SendAsync(PaymentReference payment, PaymentMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<SalesUnitReply> SendAsync(Msn salesUnit, SalesUnitMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<StoreReply> SendAsync(int store, StoreMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask<LoginReply> SendAsync(LoginId login, LoginMessage message, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask WakeAsync(ActorId id, bool stored, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
