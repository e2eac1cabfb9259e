using ChainCheckout.Simulator.Customers;

namespace ChainCheckout.Tests.Simulator;

public sealed class LoginRulesTests : IAsyncLifetime
{
    private const string Authentication = "/vipps-login-ciba/api/backchannel/authentication";

    private readonly Merchant _merchant = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _merchant.DisposeAsync();

    [Theory]
    [InlineData("login_hint=urn:msisdn:4791234567", "invalid_request")]
    [InlineData("scope=name&login_hint=urn:msisdn:4791234567", "invalid_scope")]
    [InlineData("scope=openid%20nnin&login_hint=urn:msisdn:4791234567", "invalid_scope")]
    [InlineData("scope=openid", "invalid_request")]
    [InlineData("scope=openid&login_hint=4791234567", "invalid_request")]
    [InlineData("scope=openid&login_hint=urn:msisdn:%2B4791234567", "invalid_request")]
    [InlineData("scope=openid&login_hint=urn:mobilenumber:4791234567", "invalid_request")]
    [InlineData("scope=openid&login_hint=urn:msisdn:4791234567&bindingMessage=ABCDE", "invalid_request")]
    [InlineData("scope=openid&login_hint=urn:msisdn:4791234567&binding_message=abcde", "invalid_binding_message")]
    [InlineData("scope=openid&login_hint=urn:msisdn:4791234567&binding_message=ABCDEFGHI", "invalid_binding_message")]
    [InlineData("scope=openid&login_hint=urn:msisdn:4791234567&requested_expiry=59", "invalid_request")]
    [InlineData("scope=openid&login_hint=urn:msisdn:4791234567&requested_expiry=901", "invalid_request")]
    [InlineData("scope=openid&scope=openid&login_hint=urn:msisdn:4791234567", "invalid_request")]
    [InlineData("scope=openid&login_hint=urn:msisdn:4712345678", "invalid_user")]
    public void Login_ParametersWrong_AreRefusedInOAuthsWords(string form, string error)
    {
        var reply = _merchant.Form(Authentication, form);

        Assert.Equal((400, error), (reply.Status, (string)reply.Json["error"]!));
        Assert.Equal(error, (string)reply.Json["error_code"]!);
        Assert.Empty(_merchant.World.Ledger.Lines());
    }

    [Theory]
    [InlineData("urn:mobilenumber:91234567")]
    [InlineData("urn:msisdn:4791234567")]
    public void Login_AllParameters_AreTaken(string hint)
    {
        var reply = _merchant.Form(
            Authentication,
            $"scope=openid+name&login_hint={hint}&binding_message=T4-123&requested_expiry=90&state=a&nonce=b");

        Assert.Equal((200, 90), (reply.Status, (int)reply.Json["expires_in"]!));
        Assert.Equal(CustomerHandle.Of(Merchant.Phone), _merchant.World.Ledger.Lines()[0].Customer);
    }
}
