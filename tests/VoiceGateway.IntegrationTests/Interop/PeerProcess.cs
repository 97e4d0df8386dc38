using System.Diagnostics;
using System.Text;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>One child process in a temporary folder of its own. It does not outlive the test.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly DirectoryInfo _folder;

    private PeerProcess(Process process, DirectoryInfo folder)
    {
        (_process, _folder) = (process, folder);
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        // Nothing is typed: a program that reads the keyboard sees its end.
        _process.StandardInput.Close();
    }

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    public bool HasExited => _process.HasExited;

    /// <param name="program">Path.</param>
    /// <param name="folder">Where it runs; deleted in the end.</param>
    /// <param name="arguments">Unquoted.</param>
    public static PeerProcess Start(string program, DirectoryInfo folder, IEnumerable<string> arguments)
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
        return new PeerProcess(Process.Start(start)!, folder);
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
            _process.Kill();
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
