using System.CommandLine;
using ChainCheckout.Cli.Tests;

namespace ChainCheckout.Cli.Commands;

internal static class TestCommand
{
    public static Command Create()
    {
        var command = new Command(
            "test", "Build and test everything; the last line says how many passed, failed, were skipped.");
        command.SetAction(async (_, cancellation) =>
        {
            var sums = await new TestRun(TestRun.FindRoot(), Console.WriteLine).RunAsync(cancellation);
            Console.WriteLine(sums);
            return sums.Failed == 0 && sums.Passed > 0 ? 0 : 1;
        });
        return command;
    }
}
