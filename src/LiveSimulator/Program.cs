using VoiceGateway.LiveSimulator;

return await SimulatorCommand.RunAsync(args, Console.Out, Console.Error);
