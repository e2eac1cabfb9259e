using System.Text;
using ChainCheckout.Core.Ports;
using ChainCheckout.Vipps.Sending;

namespace ChainCheckout.Tests.Vipps;

public sealed class FaultReaderTests
{
    public static TheoryData<string, VippsFault> Forms => new()
    {
        {
            """{"type":"t","title":"Cannot capture","status":400,"detail":"d","extraDetails":[{"name":"ErrorCode","reason":"6080"}]""" +
            ""","traceId":"00-0af7651916cd43dd8448eb211c80319c-01"}""",
            new VippsFault(400, "6080", "Cannot capture", "", "00-0af7651916cd43dd8448eb211c80319c-01")
        },
        {
            """{"title":"Bad Request","status":"400","extraDetails":[{"name":"amount.value","reason":"must be a number"}]}""",
            new VippsFault(400, "", "Bad Request", "amount.value")
        },
        {
            """{"title":"Bad Request","invalidParams":[{"name":"phoneNumber","reason":"no"},{"name":"errorcode","reason":4070}]}""",
            new VippsFault(400, "4070", "Bad Request", "phoneNumber")
        },
        {
            """[{"errorGroup":"User","errorCode":"81","errorMessage":"User not found","contextId":"c-1"}]""",
            new VippsFault(400, "81", "User not found", "", "c-1")
        },
        {
            """[{"errorGroup":"InvalidRequest","errorCode":"merchantInfo","errorMessage":"is required","contextId":"c-2"}]""",
            new VippsFault(400, "", "is required", "merchantInfo", "c-2")
        },
        { """{"statusCode":401,"message":"Access denied"}""", new VippsFault(400, "", "Access denied") },
        {
            """{"responseInfo":{"responseCode":401,"responseMessage":"Unauthorized"},"result":{"message":"(null)"}}""",
            new VippsFault(400, "", "Unauthorized")
        },
        { """{"error":"invalid_client","error_description":"AADSTS7000215 for 91234567"}""", new VippsFault(400, "", "invalid_client") },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryFormOfError_IsRead(string body, VippsFault expected) =>
        Assert.Equal(expected, FaultReader.Read(400, Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("")]
    [InlineData("Forbidden")]
    [InlineData("<html><body>502</body></html>")]
    [InlineData("{\"title\":\"Cannot cap")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"title\":{\"a\":1},\"extraDetails\":{\"name\":\"ErrorCode\"},\"traceId\":[]}")]
    [InlineData("{\"extraDetails\":[null,1,\"x\",{\"name\":null,\"reason\":{}}]}")]
    [InlineData("{\"title\":\"\\ud800\"}")]
    public void WhatIsNoError_IsAFaultWithItsStatusAlone(string body) =>
        Assert.Equal(new VippsFault(403), FaultReader.Read(403, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void BytesThatAreNotUtf8_AreAFaultWithItsStatusAlone() => Assert.Equal(
        new VippsFault(403), FaultReader.Read(403, (byte[])[.. "{\"title\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]));

    [Theory]
    [InlineData("payer 4791234567 is blocked", "payer *** is blocked")]
    [InlineData("+47 912 34 567 again", "+*** again")]
    [InlineData("(912) 34-567", "(***")]
    [InlineData("code 6080, 123456", "code 6080, 123456")]
    [InlineData("two\nlines", "two lines")]
    public void Title_ThatRepeatsAPhoneNumber_ShowsStars(string title, string shown) =>
        Assert.Equal(shown, FaultReader.Clean(title));

    [Fact]
    public void Title_IsCutTo200Characters() =>
        Assert.Equal(200, FaultReader.Clean(new string('x', 150) + " 12 " + new string('y', 150)).Length);

    [Fact]
    public void AnyPrefixOfAProblem_IsReadWithoutThrowing()
    {
        var problem = Encoding.UTF8.GetBytes(
            """{"title":"Nei \u00e6 æ","traceId":"t","extraDetails":[{"name":"ErrorCode","reason":"6080"},{"name":"x","reason":"y"}]}""");

        for (var length = 0; length < problem.Length; length++)
            Assert.Equal(new VippsFault(400), FaultReader.Read(400, problem.AsMemory(0, length)));
        Assert.Equal("6080", FaultReader.Read(400, problem).Code);
    }
}
