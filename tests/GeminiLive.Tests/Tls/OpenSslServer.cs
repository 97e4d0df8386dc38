using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>
/// <c>openssl s_server</c> with one connection: it prints what comes and sends what it is told, and a line <c>K</c> makes it change its key and
/// ask for a change of ours (RFC 8446 section 4.6.3).
/// </summary>
internal sealed class OpenSslServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _reading;
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OpenSslServer(Process process, DirectoryInfo folder)
    {
        (_process, _folder) = (process, folder);
        _reading = ReadAsync();
    }

    public static bool IsInstalled { get; } =
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "openssl")));

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public Task<int> Port => _port.Task;

    /// <summary>All that it printed, what the client sent among it.</summary>
    public IEnumerable<string> Lines => _lines;

    public static OpenSslServer Start(X509Certificate2 certificate, params string[] arguments)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("openssl");
        string pem = Path.Combine(folder.FullName, "server.pem");
        using (var key = certificate.GetECDsaPrivateKey()!)
            File.WriteAllText(pem, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        var start = new ProcessStartInfo("openssl", ["s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-cert", pem,
            "-msg", "-msgfile", Path.Combine(folder.FullName, "messages"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new OpenSslServer(Process.Start(start)!, folder);
    }

    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    /// <returns>The messages of TLS, with <c>&lt;&lt;&lt;</c> those that came.</returns>
    public async Task<string> EndAsync()
    {
        await TypeAsync("Q");
        await _process.WaitForExitAsync();
        return await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "messages"));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ReadAsync()
    {
        const string Accepting = "ACCEPT 127.0.0.1:";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Accepting, StringComparison.Ordinal)) _port.TrySetResult(int.Parse(line[Accepting.Length..]));
            _lines.Enqueue(line);
        }

        _port.TrySetException(new EndOfStreamException("openssl s_server ended"));
    }
}
