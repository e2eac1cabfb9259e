using ChainCheckout.Cli.Members;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Gateway.Admin;

namespace ChainCheckout.Tests.Cli;

public sealed class MemberFileTests
{
    private const string Header = "memberId,phone,joinedOn,points,acceptsEmail,acceptsSms,acceptsPostal\n";

    [Fact]
    public void Rows_InAllTheirForms_AreRead()
    {
        var rows = Read(Header + "m-1,4791234567,2020-01-31,120,true,false,1\n\n\"m.2\",+45 12 34 56 78,2021-02-03T04:05:06Z,0,0,0,0\r\n", out var wrong);

        Assert.Empty(wrong);
        Assert.Equal(
            [
                new MemberRow(2, "m-1", "4791234567", new DateTimeOffset(2020, 1, 31, 0, 0, 0, TimeSpan.Zero), 120, true, false, true),
                new MemberRow(4, "m.2", "4512345678", new DateTimeOffset(2021, 2, 3, 4, 5, 6, TimeSpan.Zero), 0, false, false, false),
            ],
            rows);
    }

    [Theory]
    [InlineData("", "column 1", "memberId")]
    [InlineData("memberId,telephone,joinedOn,points,acceptsEmail,acceptsSms,acceptsPostal", "column 2", "phone")]
    [InlineData("memberId,phone,joinedOn,points,acceptsEmail,acceptsSms", "column 7", "acceptsPostal")]
    [InlineData("memberId,phone,joinedOn,points,acceptsEmail,acceptsSms,acceptsPostal,tier", "8 columns", "7")]
    public void AWrongHeader_IsRefusedByItsColumn(string header, params string[] said)
    {
        var refused = Assert.Throws<CommandException>(() => Read(header + "\n", out _));

        Assert.All(said, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("m-1,4791234567,2020-01-31,120,true,false", "fields")]
    [InlineData("m 1,4791234567,2020-01-31,120,true,false,true", "memberId")]
    [InlineData(",4791234567,2020-01-31,120,true,false,true", "memberId")]
    [InlineData("m-1,91234567,2020-01-31,120,true,false,true", "phone")]
    [InlineData("m-1,479123456,2020-01-31,120,true,false,true", "phone")]
    [InlineData("m-1,4791234567,31.01.20x,120,true,false,true", "joinedOn")]
    [InlineData("m-1,4791234567,2020-01-31,-1,true,false,true", "points")]
    [InlineData("m-1,4791234567,2020-01-31,1e3,true,false,true", "points")]
    [InlineData("m-1,4791234567,2020-01-31,120,yes,false,true", "acceptsEmail")]
    [InlineData("m-1,4791234567,2020-01-31,120,true,,true", "acceptsSms")]
    [InlineData("\"m-1,4791234567,2020-01-31,120,true,false,true", "quoted")]
    public void ABrokenRow_IsToldByLineAndField_WithoutTheNumber_AndTheRestIsRead(string row, string field)
    {
        var rows = Read(Header + row + "\nm-2,4791234568,2020-01-31,0,0,0,0\n", out var wrong);

        var refused = Assert.Single(wrong);
        Assert.Equal(2, refused.Line);
        Assert.Contains(field, refused.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("9123", refused.Why, StringComparison.Ordinal);
        Assert.Equal("m-2", Assert.Single(rows).MemberId);
    }

    [Fact]
    public void ANumberOrAnIdTwice_IsRefusedAtTheLaterLine_ButTheSameRowTwiceIsOnlyOnce()
    {
        var rows = Read(
            Header + "m-1,4791234567,2020-01-31,1,0,0,0\nm-1,4791234567,2020-01-31,1,0,0,0\nm-2,4791234567,2020-01-31,1,0,0,0\nm-1,4791234569,2020-01-31,1,0,0,0\n",
            out var wrong);

        Assert.Single(rows);
        Assert.Equal([(4, "phone is in line 2 already"), (5, "memberId is in line 2 already")], wrong.Select(row => (row.Line, row.Why)));
    }

    private static List<MemberRow> Read(string text, out IReadOnlyList<RefusedRow> wrong)
    {
        var file = new MemberFile();
        List<MemberRow> rows = [.. file.Read(new StringReader(text))];
        wrong = file.Wrong;
        return rows;
    }
}
