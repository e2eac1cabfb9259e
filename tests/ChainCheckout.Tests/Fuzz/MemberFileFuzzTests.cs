using System.Text;
using ChainCheckout.Cli.Members;
using ChainCheckout.Cli.Processes;
using ChainCheckout.Core.Values;
using Xunit.Abstractions;

namespace ChainCheckout.Tests.Fuzz;

public sealed class MemberFileFuzzTests(ITestOutputHelper output)
{
    private const string Header = "memberId,phone,joinedOn,points,acceptsEmail,acceptsSms,acceptsPostal\n";

    private static readonly byte[][] Files =
    [
        .. new[]
        {
            Header + "m-1,4791234567,2020-01-31,120,true,false,1\n\n\"m.2\",+45 12 34 56 78,2021-02-03T04:05:06Z,0,0,0,0\r\n",
            Header + "\"m\"\"3\",358401234567,2020-02-29,9223372036854775807,true,true,true\nm-4,46701234567,1900-01-01T00:00:00+14:00,1,false,false,false",
            "\ufeff" + Header + "m-5,4791234568,2020-01-31,120,true,false,1\nm-5,4791234568,2020-01-31,120,true,false,1\nm-5,4791234569,2020-01-31,1,1,1,1\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void File_OfAnyBytes_GivesGoodRowsAndTellsOfTheOthersByLineWithoutQuotingThem()
    {
        int rows = 0, refused = 0, headers = 0;
        Fuzzing.Run(new Mutator(5, Files), Fuzzing.MemberFiles, bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            var file = new MemberFile();
            try
            {
                foreach (var row in file.Read(new StringReader(text)))
                {
                    rows++;
                    Assert.True(Msisdn.TryParse(row.Phone, out _));
                    Assert.True(row.Points >= 0 && row.MemberId.Length is >= 1 and <= 64 && row.Line > 1);
                }
            }
            catch (CommandException wrong)
            {
                headers++;
                Assert.DoesNotContain("9123456", wrong.Message, StringComparison.Ordinal);
            }

            refused += file.Wrong.Count;
            Assert.All(file.Wrong, row => Assert.DoesNotContain("9123456", row.Why, StringComparison.Ordinal));
        });

        output.WriteLine($"{Fuzzing.MemberFiles} files: {rows} rows read, {refused} refused, {headers} headers refused");
        Assert.True(rows > 0 && refused > Fuzzing.MemberFiles / 10 && headers > 0);
    }
}
