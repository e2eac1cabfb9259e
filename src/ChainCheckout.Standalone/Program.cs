return await ChainCheckout.Standalone.StandaloneProgram.RunAsync(args);
