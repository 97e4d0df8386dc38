using System.Diagnostics;

namespace VoiceGateway.Load;

/// <summary>A program of ours, started from its build output and ended by its own id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process, string ready) => (_process, ReadyLine) = (process, ready);

    public int Id => _process.Id;

    /// <summary>The first line it printed.</summary>
    public string ReadyLine { get; }

    public static async Task<ChildProcess> StartAsync(Type program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
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
        _process.Dispose();
    }
}
