return await ChainCheckout.Simulator.SimulatorProgram.RunAsync(args);
