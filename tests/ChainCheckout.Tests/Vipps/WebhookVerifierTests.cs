using System.Text;
using ChainCheckout.Core.Ports;
using ChainCheckout.Core.SalesUnits;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Vipps.Support;
using ChainCheckout.Vipps.Webhooks;

namespace ChainCheckout.Tests.Vipps;

public sealed class WebhookVerifierTests
{
    private static readonly Hook Ours = new("w1", "https://chain.example/hook?x=1", new Secret("told-once"));

    [Fact]
    public async Task Ping_IsAHintOfALogin()
    {
        var (check, hint) = await CheckAsync("""{"auth_req_id":"VYG-1","later":[1]}""");

        Assert.Equal(WebhookCheck.Genuine, check);
        Assert.Equal("VYG-1", Assert.IsType<WebhookHint.OfLogin>(hint).AuthReqId.Reveal);
    }

    [Fact]
    public async Task Payment_IsAHintOfAPayment()
    {
        var (check, hint) = await CheckAsync("""{"msn":"123456","reference":"s42-t7-3-118","name":"AUTHORIZED"}""");

        Assert.Equal(WebhookCheck.Genuine, check);
        Assert.Equal(new WebhookHint.OfPayment("s42-t7-3-118", "AUTHORIZED"), hint);
    }

    [Theory]
    [InlineData("""{"phoneNumber":"4791234567"}""")]
    [InlineData("""{"phoneNumber":"+4791234567","later":[1]}""")]
    [InlineData("""{"phoneNumber":4791234567}""")]
    [InlineData("""{"msisdn":"4791234567"}""")]
    [InlineData("""{"msisdn":"+4791234567"}""")]
    [InlineData("""{"msn":"123456","payload":{"phoneNumber":"+4791234567"}}""")]
    [InlineData("""{"list":[1],"payload":{"msisdn":4791234567}}""")]
    [InlineData("""{"empty":{},"other":{"phoneNumber":"none"},"payload":{"msisdn":"4791234567"},"more":{"msisdn":"4520123456"}}""")]
    [InlineData("""{"payload":{"msisdn":"4520123456"},"phoneNumber":"none","msisdn":"4791234567"}""")]
    [InlineData("""{"\ud800___________________":1,"phoneNumber":"4791234567"}""")]
    [InlineData("""{"\ud800___________________":{"phoneNumber":"4791234567"},"msisdn":{}}""")]
    public async Task SeedingRequest_IsAHintOfAMember_WhereverItsNumberStands(string body)
    {
        var (check, hint) = await CheckAsync(body);

        Assert.Equal((WebhookCheck.Genuine, new WebhookHint.OfMember(VippsSetup.Customer())), (check, hint));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""[{"phoneNumber":"4791234567"}]""")]
    [InlineData("\"4791234567\"")]
    [InlineData("""{"phoneNumber":"4791234567" """)]
    [InlineData("""{"phoneNumber":""}""")]
    [InlineData("""{"phoneNumber":null,"msisdn":true}""")]
    [InlineData("""{"phoneNumber":"91234567"}""")]
    [InlineData("""{"phoneNumber":"442071234567"}""")]
    [InlineData("""{"phoneNumber":"47 91 23 45 67"}""")]
    [InlineData("""{"phoneNumber":4.791234567e9}""")]
    [InlineData("""{"phoneNumber":"\ud800"}""")]
    [InlineData("""{"phonenumber":"4791234567","MSISDN":"4791234567"}""")]
    [InlineData("""{"payload":[{"phoneNumber":"4791234567"}]}""")]
    [InlineData("""{"payload":{"member":{"phoneNumber":"4791234567"}}}""")]
    public async Task SeedingRequest_InAnyOtherForm_IsGenuineButUnread(string body) =>
        Assert.Equal((WebhookCheck.GenuineButUnread, null), await CheckAsync(body));

    [Fact]
    public async Task SeedingRequest_SignedByAnother_IsForgedAndNotRead() => Assert.Equal(
        (WebhookCheck.Forged, null), await CheckAsync("""{"phoneNumber":"4791234567"}""", new Secret("another")));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"auth_req_id":""}""")]
    [InlineData("""{"auth_req_id":17}""")]
    [InlineData("""{"auth_req_id":"\ud800"}""")]
    [InlineData("""{"AUTH_REQ_ID":"VYG-1"}""")]
    [InlineData("""{"customerToken":"t"}""")]
    public async Task WhatNamesNone_IsGenuineButUnread(string body) =>
        Assert.Equal((WebhookCheck.GenuineButUnread, null), await CheckAsync(body));

    [Theory]
    [InlineData(512, WebhookCheck.Genuine)]
    [InlineData(513, WebhookCheck.GenuineButUnread)]
    public async Task Id_HasALength(int length, WebhookCheck expected) =>
        Assert.Equal(expected, (await CheckAsync($$"""{"auth_req_id":"{{new string('x', length)}}"}""")).Check);

    [Fact]
    public async Task Ping_SignedByAnother_IsForgedAndNotRead() =>
        Assert.Equal(
            (WebhookCheck.Forged, null), await CheckAsync("""{"auth_req_id":"VYG-1"}""", new Secret("another")));

    private static async Task<(WebhookCheck Check, WebhookHint? Hint)> CheckAsync(string text, Secret? signer = null)
    {
        await using var vipps = new VippsSetup();
        var body = Encoding.UTF8.GetBytes(text);
        var signed = WebhookSignature.Sign(
            body, "POST", "/hook?x=1", "chain.example", DateTimeOffset.UnixEpoch, signer ?? Ours.Secret);
        var delivery = new WebhookDelivery(body, signed.XMsDate, signed.XMsContentSha256, signed.Authorization);
        return (vipps.Verifier.Check(delivery, [Ours], out var hint), hint);
    }
}
