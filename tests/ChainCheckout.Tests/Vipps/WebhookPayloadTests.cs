using System.Text;
using ChainCheckout.Core.Values;
using ChainCheckout.Vipps.Webhooks;

namespace ChainCheckout.Tests.Vipps;

public sealed class WebhookPayloadTests
{
    private const string Sample = """
        {"msn":"123456","reference":"s42-t7-3-118","pspReference":"dd8e0a8e","name":"AUTHORIZED",
         "amount":{"currency":"NOK","value":20000},"timestamp":"2026-10-20T16:26:32.099Z",
         "idempotencyKey":"7c8b81e7","success":true,"userDetails":{"new":[1,{"x":null}]}}
        """;

    [Fact]
    public void Payment_IsReadWhole()
    {
        Assert.True(TryRead(Sample, out var webhook));

        Assert.Equal(
            new WebhookEvent(
                new Msn("123456"), "s42-t7-3-118", WebhookEventName.Authorized, "dd8e0a8e",
                new Money(20_000, Currency.NOK), true,
                "7c8b81e7", new DateTimeOffset(2026, 10, 20, 16, 26, 32, 99, TimeSpan.Zero)),
            webhook);
    }

    [Theory]
    [InlineData("CREATED", WebhookEventName.Created)]
    [InlineData("epayments.payment.authorized.v1", WebhookEventName.Authorized)]
    [InlineData("aborted", WebhookEventName.Aborted)]
    [InlineData("epayments.payment.expired.v1", WebhookEventName.Expired)]
    [InlineData("TERMINATED", WebhookEventName.Terminated)]
    [InlineData("CANCELLED", WebhookEventName.Cancelled)]
    [InlineData("epayments.payment.captured.v1", WebhookEventName.Captured)]
    [InlineData("REFUNDED", WebhookEventName.Refunded)]
    [InlineData("epayments.payment..v1", WebhookEventName.Unknown)]
    [InlineData("epayments.payment.v1", WebhookEventName.Unknown)]
    [InlineData("CHARGED_BACK_BY_THE_BANK_AFTER_A_YEAR", WebhookEventName.Unknown)]
    public void Name_IsReadInBothForms(string text, WebhookEventName name)
    {
        Assert.True(TryRead(Sample.Replace("AUTHORIZED", text), out var webhook));
        Assert.Equal(name, webhook!.Name);
    }

    [Fact]
    public void WhatIsNotNeeded_MayBeAbsent()
    {
        const string body =
            """{"msn":123456,"reference":"abc-12345","name":"CAPTURED","success":false,"amount":{"currency":"SEK","value":1}}""";

        Assert.True(TryRead(body, out var webhook));

        Assert.Equal(
            new WebhookEvent(
                new Msn("123456"), "abc-12345", WebhookEventName.Captured, "", null, false, null, null), webhook);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"msn":"123456","reference":"abc"}""")]
    [InlineData("""{"msn":"123456","name":"CREATED"}""")]
    [InlineData("""{"reference":"abc","name":"CREATED"}""")]
    [InlineData("""{"msn":"x","reference":"abc","name":"CREATED"}""")]
    [InlineData("""{"msn":"123456","reference":"","name":"CREATED"}""")]
    [InlineData("""{"msn":"123456","reference":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","name":"CREATED"}""")]
    [InlineData("""{"msn":"123456","reference":"\ud800","name":"CREATED"}""")]
    public void WhatNamesNoPayment_IsNotRead(string body) => Assert.False(TryRead(body, out _));

    [Fact]
    public void NoBytes_EverThrow()
    {
        var random = new Random(11);
        var sample = Encoding.UTF8.GetBytes(Sample);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = sample[..random.Next(sample.Length + 1)];
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            WebhookPayload.TryRead(bytes, out _);
        }

        Assert.False(WebhookPayload.TryRead(Encoding.UTF8.GetBytes(new string('[', 60_000)), out _));
    }

    private static bool TryRead(string body, out WebhookEvent? webhook) =>
        WebhookPayload.TryRead(Encoding.UTF8.GetBytes(body), out webhook);
}
