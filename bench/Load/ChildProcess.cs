using System.Diagnostics;

namespace VoiceGateway.Load;

/// <summary>A program of ours, started from its build output and ended by its own id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private readonly Task _telling;

    private ChildProcess(Process process, string ready)
    {
        (_process, ReadyLine) = (process, ready);
        _telling = TellAsync(process);
    }

    public int Id => _process.Id;

    /// <summary>The first line it printed.</summary>
    public string ReadyLine { get; }

    public static Task<ChildProcess> StartAsync(Type program, params string[] arguments) => StartOnAsync(program, "", new Dictionary<string, string>(), arguments);

    /// <param name="program">A type of it.</param>
    /// <param name="processors">Where it may run, as taskset(1) has it; empty: anywhere.</param>
    /// <param name="environment">Beside this process's.</param>
    /// <param name="arguments">Its command line.</param>
    public static async Task<ChildProcess> StartOnAsync(Type program, string processors, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string[] command = processors.Length > 0 ? ["taskset", "-c", processors, "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.ArgumentList.Add(program.Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return new ChildProcess(process, line ?? throw new InvalidOperationException($"{program.Assembly.GetName().Name} did not start"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
            await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited) _process.Kill();
        }
        await _telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
    }

    // A pipe that nobody reads would stop it when it is full; what it says is worth reading here.
    private static async Task TellAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line) await Console.Error.WriteLineAsync($"  | {line}");
    }
}
