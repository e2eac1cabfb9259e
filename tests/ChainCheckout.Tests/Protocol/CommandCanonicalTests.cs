using System.Text;
using ChainCheckout.Protocol.Commands;

namespace ChainCheckout.Tests.Protocol;

/// <summary>
/// Servers keep hashes of these bytes: a change here makes a repeat of yesterday's command look like another.
/// </summary>
public sealed class CommandCanonicalTests
{
    private const string Lines =
        """[{"id":"A-1","name":"Brød & smør","quantity":"0.534","unit":"KG","unitPriceMinor":7471""" +
        ""","totalMinor":3990,"taxRate":1500,"discountMinor":10,"isReturn":true},""" +
        """{"id":"A-2","name":"Pose","totalMinor":0,"taxRate":0}]""";

    [Fact]
    public void EverySpelling_StaysAsItIs()
    {
        Assert.Equal(
            [
                """{"type":"scan","qr":"https://qr.example/p/abc+/=?v=2","saleId":"S-1"}""",
                """{"type":"phone","phone":"+47 90 00 00 00","saleId":"S-1"}""",
                """{"type":"pay","saleId":"S-1","amountMinor":12950,"currency":"NOK","lines":""" + Lines +
                ""","coupons":["c1","c2"],"minimumAge":18}""",
                """{"type":"complete","saleId":"S-1","tender":"other","amountMinor":""" +
                """12950,"currency":"DKK","lines":""" + Lines + "}",
                """{"type":"close","saleId":"S-1"}""",
                """{"type":"enrol","saleId":"S-1","replace":true}""",
                """{"type":"scan","qr":"x"}""",
                """{"type":"phone","phone":"1"}""",
                """{"type":"pay","saleId":"a.b_c-D","amountMinor":1,"currency":"EUR"}""",
                """{"type":"cancel","saleId":"S-1"}""",
                """{"type":"complete","saleId":"S-1","tender":"other","amountMinor":1,"currency":"NOK"}""",
                """{"type":"close"}""",
                """{"type":"refund","reference":"42-7-1-3","amountMinor":""" +
                """500,"currency":"NOK","by":"Kari","why":"Feil vare"}""",
                """{"type":"enrol"}""",
            ],
            EveryCommand.All.Select(command => Encoding.UTF8.GetString(CommandCanonical.ToBytes(command))));
    }

    [Fact]
    public void Command_NeverSpellsItselfOut() =>
        Assert.All(EveryCommand.All, command => Assert.Equal(command.Type, command.ToString()));
}
