using System.CommandLine;
using ChainCheckout.Cli.Commands;
using ChainCheckout.Cli.Processes;

var root = new RootCommand("ChainCheckout: pay by phone at the tills of a chain.")
{
    DemoCommand.Create(),
    RunCommand.Create(),
    SimulatorCommand.Create(),
    HealthCommand.Create(),
    SaleCommand.Create(),
    FleetCommand.Create(),
    ClusterCommand.Create(),
    MembersCommand.Create(),
    LettersCommand.Create(),
    PrivacyScanCommand.Create(),
    SimulateCommand.Create(),
    TestCommand.Create(),
};

try
{
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(20) };
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (CommandException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return CommandException.ExitCode;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("stopped");
    return CommandException.ExitCode;
}
