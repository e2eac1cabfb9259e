using ChainCheckout.Cluster;
using ChainCheckout.Standalone;

if (args is ["dump", .. var others]) return await Dump.RunAsync(others, Console.Out);
using var end = InputEnd.Link(args.Contains(InputEnd.Option), CancellationToken.None);
return await ClusterProgram.RunAsync([.. args.Where(arg => arg != InputEnd.Option)], end.Token);
