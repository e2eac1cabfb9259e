using ChainCheckout.Core.Payments;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.Stores;
using ChainCheckout.Core.Tills;
using ChainCheckout.Tests.Tills;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Actors;

/// <summary>Sales under every fault that the world knows, by the thousand: a seed that failed is a test that can be repeated.</summary>
public sealed class SaleRunTests(ITestOutputHelper output)
{
    private const int Runs = 600;

    [Fact]
    public async Task Sale_WhateverGoesWrong_EndsWithTheMoneyWhereTheTillSaysItIs()
    {
        var ends = new SortedDictionary<string, int>();
        for (var seed = 1; seed <= Runs; seed++)
        {
            var end = await RunAsync(seed);
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }

        output.WriteLine(string.Join(", ", ends.Select(end => $"{end.Key}: {end.Value}")));
        Assert.True(ends.Keys.Count(end => end is "paid" or "other" or "open") == 3, "every end is reached by some run");
    }

    private static async Task<string> RunAsync(int seed)
    {
        try
        {
            var run = new SaleRun(seed);
            await run.SellAsync();
            return await run.AskAtRestAsync();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
        }
    }
}

/// <summary>One POS that sells one sale, by one seed.</summary>
internal sealed class SaleRun
{
    private readonly SaleWorld _world;
    private readonly Random _chance;
    private readonly bool _isMember;
    private uint _session;
    private uint _number;

    public SaleRun(int seed)
    {
        _chance = new Random(-seed);
        _world = new SaleWorld(seed, faults: _chance.Next(0, 8));
        _world.Vipps.IsStale = _chance.Next(2) == 0;
        _isMember = _chance.Next(3) > 0;
    }

    public async Task SellAsync()
    {
        var welcome = Assert.IsType<TillReply.Welcome>(await SureAsync(TillAlphabet.Hello(TillRole.Pos, 0, 0)));
        _session = welcome.Session;
        if (_isMember) await _world.JoinAsync();
        await DoAsync(new TillCommand.Phone("91234567", null));
        await DoAsync(TillAlphabet.Pay("S1", 10_000));
        for (var events = _chance.Next(1, 7); events > 0; events--)
        {
            await GoOnAsync(_chance.Next(1, 40));
            await SomethingHappensAsync();
        }

        _world.CalmDown();
        for (var minutes = 0; minutes < 60 && (await _world.TillStateAsync()).Sale is Sale.Paying; minutes++) await GoOnAsync(400);
        if (_chance.Next(2) == 0) await FinishAsync();
        _world.CalmDown();
        await RestAsync();
    }

    /// <summary>What the till says, and where the money is.</summary>
    public async Task<string> AskAtRestAsync()
    {
        var till = await _world.TillStateAsync();
        var held = _world.Vipps.All;
        Assert.Empty(_world.Vipps.Complaints);
        Assert.Empty(_world.Alerts);
        Assert.All(await _world.PaymentsAsync(), state => Assert.True(state is PaymentState.Captured or PaymentState.Unpaid, state.GetType().Name));
        Assert.All(held.Values, one => Assert.True(one.State != PaymentStateAtVipps.Created && one.Open == 0, "money is left reserved"));
        Assert.True(held.Values.Count(one => one.Captured > one.Refunded) <= 1, "paid twice");
        Assert.True(till.Refund is null or { IsOpen: false }, "a refund is left open");
        await AskMemberAsync(till);
        Assert.Equal(held.Values.Sum(one => one.Captured - one.Refunded), till.Today.PaidMinor - till.Today.RefundedMinor);
        switch (till.Sale)
        {
            case Sale.Finished { Receipt.Reference: { } reference }:
                Assert.Equal(10_000, held[reference].Captured);
                Assert.Equal(till.Today.RefundedMinor, held[reference].Refunded);
                return till.Today.Refunded > 0 ? "refunded" : "paid";
            case Sale.Finished:
                Assert.All(held.Values, one => Assert.Equal(one.Captured, one.Refunded));
                return "other";
            case Sale.Open:
                Assert.All(held.Values, one => Assert.Equal(one.Captured, one.Refunded));
                return "open";
            default:
                throw new InvalidOperationException($"the till rests in {till.Sale.GetType().Name}");
        }
    }

    /// <summary>Each sale of a member is counted once, whole, and Vipps knows the balance that came of it.</summary>
    private async Task AskMemberAsync(TillState till)
    {
        Assert.True(_world.Members.CheckIns.Count <= 1, "checked in twice");
        if (!_isMember)
        {
            Assert.Empty(_world.Members.Events);
            Assert.All(_world.Members.CheckIns, one => Assert.False(one.IsMember));
            return;
        }

        var customer = await _world.CustomerStateAsync();
        var worth = (till.Today.PaidMinor + till.Today.OtherMinor - till.Today.RefundedMinor) / 100;
        Assert.Equal(worth, customer.Member!.Points);
        Assert.Empty(customer.LettersKept);
        Assert.Equal(till.Today.Paid + till.Today.Other > 0, _world.Members.Events.Count > 0);
        if (_world.Members.Events.Count == 0) return;
        var newest = _world.Members.Events.Values.MaxBy(one => one.At)!;
        Assert.Equal(worth, Assert.IsType<LoyaltyContent.MemberUpdated>(newest.Content).Points);
        Assert.All(_world.Members.CheckIns, one => Assert.True(one.IsMember));
    }

    private async Task SomethingHappensAsync()
    {
        switch (_chance.Next(7))
        {
            case 0:
                await DoAsync(new TillCommand.Cancel("S1"));
                break;
            case 1:
                await DoAsync(TillAlphabet.Pay("S1", 10_000));
                break;
            case 2:
                await DoAsync(TillAlphabet.Complete("S1", 10_000));
                break;
            case 3 or 4:
                await _world.HintAsync();
                break;
            default:
                _world.Vipps.CustomerActs();
                break;
        }
    }

    /// <summary>The cashier ends what is still open, or gives a part back.</summary>
    private async Task FinishAsync()
    {
        switch ((await _world.TillStateAsync()).Sale)
        {
            case Sale.Finished { Receipt.Reference: { } reference }:
                await DoAsync(TillAlphabet.Refund(reference.ToString(), 3_000));
                break;
            case Sale.Open:
                Assert.True((await DoAsync(TillAlphabet.Complete("S1", 10_000))).Done);
                break;
        }
    }

    private async Task RestAsync()
    {
        for (var rounds = 0; rounds < 40; rounds++) await GoOnAsync(200);
    }

    /// <summary>So many things happen, the next of them an hour away at most.</summary>
    private async Task GoOnAsync(int steps)
    {
        var until = _world.Clock.Now.AddHours(1);
        for (var step = 0; step < steps && await _world.StepAsync(until); step++)
        {
        }
    }

    /// <summary>A command, repeated under its number until it is answered, as a POS does.</summary>
    private async Task<TillAnswer> DoAsync(TillCommand body)
    {
        _number++;
        var command = new TillMessage.Command(TillRole.Pos, _session, _number, TillAlphabet.HashOf(body), $"{_chance.Next():x10}", body);
        return Assert.IsType<TillReply.Answer>(await SureAsync(command)).Reply;
    }

    private async Task<TillReply> SureAsync(TillMessage message)
    {
        while (true)
        {
            if (await _world.TillAsync(message) is { } reply) return reply;
            await GoOnAsync(3);
        }
    }
}
