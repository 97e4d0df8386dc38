using System.Runtime.InteropServices;

namespace VoiceGateway.LiveSimulator;

/// <summary>Runs the simulator by itself. Exit codes: 0 fine, 1 it cannot run, 2 bad usage or scenario.</summary>
internal static class SimulatorCommand
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (CommandLine.Parse(args, out var fault) is not { } command)
            return await RefuseAsync(errors, fault, 2);
        if (command.Help)
        {
            await output.WriteLineAsync(CommandLine.Usage);
            return 0;
        }

        if (command.List)
        {
            foreach (var name in Scenario.BuiltInNames)
                await output.WriteLineAsync($"{name,-16} {Scenario.BuiltIn(name).Description}");
            return 0;
        }

        if (command.ListFaults)
        {
            foreach (var kind in Fault.Kinds)
                await output.WriteLineAsync($"{kind,-28} {kind.Sentence}");
            return 0;
        }

        try
        {
            var options = command.Verbose ? command.Options with { Log = output.WriteLine } : command.Options;
            await using var server = await LiveSimulatorServer.StartAsync(options);
            await output.WriteLineAsync($"live simulator ready {server.Endpoint.AbsoluteUri.TrimEnd('/')} scenario={server.Scenario}");
            await WaitForSignalAsync();
            return 0;
        }
        catch (Exception bad) when (bad is ScenarioException or ArgumentException)
        {
            return await RefuseAsync(errors, bad.Message, 2);
        }
        catch (IOException occupied)
        {
            return await RefuseAsync(errors, occupied.Message, 1);
        }
    }

    private static async Task<int> RefuseAsync(TextWriter errors, string message, int code)
    {
        await errors.WriteLineAsync($"live-simulator: {message.ReplaceLineEndings(" ")}");
        return code;
    }

    private static async Task WaitForSignalAsync()
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await signalled.Task;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            signalled.TrySetResult();
        }
    }
}
