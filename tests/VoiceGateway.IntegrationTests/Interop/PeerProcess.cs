using System.Diagnostics;
using System.Text;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>One child process in a temporary folder of its own. It does not outlive the test.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly DirectoryInfo _folder;

    private PeerProcess(Process process, DirectoryInfo folder, bool hasKeyboard)
    {
        (_process, _folder) = (process, folder);
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        // Nothing is typed: a program that reads the keyboard sees its end.
        if (!hasKeyboard) _process.StandardInput.Close();
    }

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public bool HasExited => _process.HasExited;

    /// <param name="program">Path.</param>
    /// <param name="folder">Where it runs; deleted in the end.</param>
    /// <param name="arguments">Unquoted.</param>
    /// <param name="hasKeyboard">It is told what to do with <see cref="TypeAsync"/>.</param>
    public static PeerProcess Start(string program, DirectoryInfo folder, IEnumerable<string> arguments, bool hasKeyboard = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // No terminal to draw on.
        start.Environment["TERM"] = "dumb";
        // What a program keeps about its user goes with the folder.
        start.Environment["HOME"] = folder.FullName;
        return new PeerProcess(Process.Start(start)!, folder, hasKeyboard);
    }

    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the program has said this.</summary>
    /// <param name="text">In one line.</param>
    /// <param name="times">In all, since its start.</param>
    /// <param name="seconds">Then the test fails.</param>
    public async Task SaysAsync(string text, int times = 1, int seconds = 15)
    {
        for (var i = 0; i < seconds * 50; i++)
        {
            if (Output.Split(text).Length > times) return;
            await Task.Delay(20);
        }
        Assert.Fail($"waited {seconds} s in vain for \"{text}\" from the program ({times} times):\n{Output}");
    }

    /// <param name="name">TERM, STOP, CONT.</param>
    /// <param name="withChildren">To its whole process group, if it leads one.</param>
    public async Task SignalAsync(string name, bool withChildren = false)
    {
        if (_process.HasExited) return;
        using var kill = Process.Start("kill", [$"-{name}", "--", $"{(withChildren ? "-" : "")}{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <returns>The exit code; null when the program still runs after that time.</returns>
    public async Task<int?> ExitAsync(TimeSpan patience)
    {
        using var enough = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(enough.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>A file that the program has written, or still writes; empty when there is none.</summary>
    public string ReadFile(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        if (!File.Exists(path)) return "";
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await ExitAsync(TimeSpan.FromSeconds(10));
        }
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
