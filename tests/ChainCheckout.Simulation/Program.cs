using ChainCheckout.Simulation;

return SimulateProgram.Run(args, Console.Out);
