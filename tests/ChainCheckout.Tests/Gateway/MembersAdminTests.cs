using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChainCheckout.Gateway.Admin;
using ChainCheckout.Tests.EndToEnd;

namespace ChainCheckout.Tests.Gateway;

public sealed class MembersAdminTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    private readonly Shop _shop = fixture.Shop;

    [Fact]
    public async Task Import_TwiceChangesNothing_AndANumberOfAnotherMemberIsRefusedByItsLine()
    {
        using var admin = _shop.Admin();
        MemberRow[] rows = [Row(2, "a-1", "4791240001", 120), Row(3, "a-2", "4791240002"), Row(4, "a-3", "12")];

        var first = await ImportAsync(admin, rows);
        var again = await ImportAsync(admin, [Row(2, "a-1", "4791240001", 999), Row(3, "another", "4791240002")]);
        var shown = await PostAsync(admin, "show", new { phone = "4791240001" });

        Assert.Equal((2, 0, 4), (first.Imported, first.Unchanged, Assert.Single(first.Refused).Line));
        Assert.Equal((0, 1, 3), (again.Imported, again.Unchanged, Assert.Single(again.Refused).Line));
        Assert.Equal(("a-1", 120), ((string)shown["memberId"]!, (int)shown["points"]!));
        Assert.DoesNotContain("9124", shown.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Move_BringsTheMemberToTheNewNumber_ButNotOntoAnotherMembers()
    {
        using var admin = _shop.Admin();
        await ImportAsync(admin, [Row(2, "b-1", "4791240011", 7), Row(3, "b-2", "4791240012")]);

        var taken = await PostAsync(admin, "move", new { from = "4791240011", to = "4791240012" });
        var moved = await PostAsync(admin, "move", new { from = "4791240011", to = "4791240013" });
        var stranger = await PostAsync(admin, "move", new { from = "4791240019", to = "4791240013" });
        var there = await PostAsync(admin, "show", new { phone = "4791240013" });

        Assert.Equal(("OtherMember", "moved", "NotAMember"), ((string)taken["result"]!, (string)moved["result"]!, (string)stranger["result"]!));
        Assert.Equal(("b-1", 7), ((string)there["memberId"]!, (int)there["points"]!));
    }

    [Fact]
    public async Task Erase_LeavesNothing_AndASecondTimeNothingIsKnown()
    {
        using var admin = _shop.Admin();
        await ImportAsync(admin, [Row(2, "c-1", "4791240021"), Row(3, "c-2", "4791240022")]);

        var erased = await PostAsync(admin, "erase", new { phone = "4791240021" });
        var again = await PostAsync(admin, "erase", new { phone = "4791240021" });
        var shown = await PostAsync(admin, "show", new { phone = "4791240021" });

        Assert.Equal("NotPublished", (string)(await PostAsync(admin, "publish", new { phone = "4791240022", isNew = true }))["result"]!);
        Assert.Equal(("erased", "unknown"), ((string)erased["result"]!, (string)again["result"]!));
        Assert.Null(shown["memberId"]);
    }

    [Theory]
    [InlineData("members/show", "{\"phone\":\"912\"}", HttpStatusCode.BadRequest)]
    [InlineData("members/show", "oops", HttpStatusCode.BadRequest)]
    [InlineData("members/move", "{\"from\":\"4791240031\",\"to\":\"4791240031\"}", HttpStatusCode.BadRequest)]
    [InlineData("members/import", "{}", HttpStatusCode.BadRequest)]
    [InlineData("members/publish", "{\"phone\":\"912\",\"isNew\":true}", HttpStatusCode.BadRequest)]
    [InlineData("members/other", "{}", HttpStatusCode.NotFound)]
    [InlineData("letters/00000000000000000000000000000000/none/replay", "", HttpStatusCode.NotFound)]
    [InlineData("letters/4791234567/none/drop", "", HttpStatusCode.NotFound)]
    public async Task BadInput_GetsAClearAnswer_WithoutTheNumber(string page, string body, HttpStatusCode status)
    {
        using var admin = _shop.Admin();

        using var answer = await admin.PostAsync($"/admin/{page}", new StringContent(body));

        Assert.Equal(status, answer.StatusCode);
        Assert.DoesNotContain("479124", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static MemberRow Row(int line, string id, string phone, long points = 0) =>
        new(line, id, phone, DateTimeOffset.UnixEpoch, points, true, false, false);

    private static async Task<ImportSums> ImportAsync(HttpClient admin, MemberRow[] rows)
    {
        using var answer = await admin.PostAsJsonAsync("/admin/members/import", rows, AdminJson.Default.MemberRowArray);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(AdminJson.Default.ImportSums))!;
    }

    private static async Task<JsonNode> PostAsync<T>(HttpClient admin, string what, T body)
    {
        using var answer = await admin.PostAsJsonAsync($"/admin/members/{what}", body);
        return JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }
}
