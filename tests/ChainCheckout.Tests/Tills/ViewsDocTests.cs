using System.Text;
using ChainCheckout.Core.Tills;
using ChainCheckout.Core.Values;
using ChainCheckout.Tests.Tidy;

namespace ChainCheckout.Tests.Tills;

/// <summary>
/// docs/protocol.md says what a till may show and answer; it is what the walk over a till's states has met. With
/// <c>CHAINCHECKOUT_WRITE=1</c> in the environment the page is written anew.
/// </summary>
public sealed class ViewsDocTests
{
    private const string Begin = "<!-- views -->\n";
    private const string End = "<!-- /views -->";

    private static readonly string[] Stages = ["idle", "identifying", "open", "ready", "holding", "paying", "checking", "cancelling", "paid", "completed", "stopped"];

    [Fact]
    public void Page_ListsWhatATillShowsAndAnswers()
    {
        var path = Repository.PathOf("docs/protocol.md");
        var page = File.ReadAllText(path);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        var tables = Tables();

        if (Environment.GetEnvironmentVariable("CHAINCHECKOUT_WRITE") == "1") File.WriteAllText(path, page[..begin] + tables + page[end..]);
        else Assert.Equal(tables, page[begin..end]);
    }

    [Fact]
    public void EveryCode_IsShownOrAnsweredSomewhere()
    {
        var walk = TillWalk.Once;
        var met = walk.Views.Select(view => view.Code).Concat(walk.Replies.Select(reply => reply.Code)).Concat(walk.Refunds.Select(refund => refund.Code))
            .Concat(walk.Enrolments.Select(enrolment => enrolment.Code));

        Assert.Empty(Enum.GetValues<TillCode>().Except(met));
    }

    private static string Tables()
    {
        var walk = TillWalk.Once;
        var text = new StringBuilder();
        text.Append("\nText and hint as an English store has them; they may be worded better at any time, the codes stay.\n");
        text.Append("While a refund is open, `refund` is missing from what is allowed; on a locked till (`Held`), `pay` and `complete` are.\n");
        text.Append("In `ready`, `enrol` is there too while the customer is no member and is not being asked already.\n\n");
        text.Append("| Stage | Code | Text | Hint | Allowed |\n|---|---|---|---|---|\n");
        foreach (var (stage, code, allowed) in walk.Views.OrderBy(view => Array.IndexOf(Stages, view.Stage)).ThenBy(view => view.Code))
            text.Append($"| `{stage}` | `{code}` | {Words(code)} | {allowed} |\n");

        text.Append("\n### Codes of replies\n\nField: the fields that a refusal may name.\n\n");
        text.Append("| Status | Code | Text | Hint | Field |\n|---|---|---|---|---|\n");
        foreach (var same in walk.Replies.GroupBy(reply => (reply.Done, reply.Code)).OrderByDescending(same => same.Key.Done).ThenBy(same => same.Key.Code))
        {
            var fields = same.Where(reply => reply.Field.Length > 0).Select(reply => $"`{reply.Field.Replace("[0]", "[n]", StringComparison.Ordinal)}`");
            text.Append($"| `{(same.Key.Done ? "done" : "refused")}` | `{same.Key.Code}` | {Words(same.Key.Code)} | {string.Join(", ", fields)} |\n");
        }

        text.Append("\n### Codes of a refund in a view\n\n| Code | Text | Hint | |\n|---|---|---|---|\n");
        foreach (var (code, isOpen) in walk.Refunds)
            text.Append($"| `{code}` | {Words(code)} | {(isOpen ? "under way" : "final")} |\n");

        text.Append("\n### Codes of an enrolment in a view\n\n| Stage | Code | Text | Hint |\n|---|---|---|---|\n");
        foreach (var (stage, code) in walk.Enrolments.OrderBy(enrolment => enrolment.Code))
            text.Append($"| `{stage}` | `{code}` | {Words(code)} |\n");

        return text.Append('\n').ToString();
    }

    private static string Words(TillCode code)
    {
        var words = Texts.For(code, Language.En);
        return $"{words.Text} | {words.Hint}";
    }
}
