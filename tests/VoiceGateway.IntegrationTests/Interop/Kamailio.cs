using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>A kamailio of the test's own: a PBX with registrations (<c>registrar</c>) or a proxy in front of gateways (<c>proxy</c>).</summary>
internal sealed class Kamailio : IAsyncDisposable
{
    private static readonly string[] Files = ["common.cfg", "registrar.cfg", "proxy.cfg", "tls.cfg"];

    private readonly PeerProcess _process;

    private Kamailio(PeerProcess process, int port, int tlsPort, int edgePort) => (_process, Port, TlsPort, EdgePort) = (process, port, tlsPort, edgePort);

    /// <summary>UDP and TCP.</summary>
    public int Port { get; }

    public int TlsPort { get; }

    /// <summary>Of the edge proxy, where there is one.</summary>
    public int EdgePort { get; }

    /// <summary>What its script has noted, and its complaints.</summary>
    public string Output => _process.Output;

    /// <param name="role">A file of <c>tests/interop/kamailio</c>, without <c>.cfg</c>.</param>
    /// <param name="options">What fills the braces in it.</param>
    public static async Task<Kamailio> StartAsync(string role, KamailioOptions? options = null)
    {
        options ??= new KamailioOptions();
        var program = Peer.Kamailio.Require();
        var folder = Directory.CreateTempSubdirectory("voicegateway-kamailio-");
        var (port, tlsPort, edgePort) = (options.Port > 0 ? options.Port : FreePort.Next(), FreePort.Next(), FreePort.Next());
        foreach (var file in Files)
        {
            var text = await File.ReadAllTextAsync(PeerFiles.Kamailio(file));
            foreach (var (word, value) in Words(options, folder.FullName, port, tlsPort, edgePort)) text = text.Replace($"{{{word}}}", value, StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), text);
        }
        await File.WriteAllLinesAsync(Path.Combine(folder.FullName, "gateways.list"), options.Gateways.Select(static g => $"1 {g}"));
        // timeout: it ends by itself even if this process is killed. It leads a process group, in which kamailio's children are.
        string[] features = options.Certificate is null ? [.. options.Features] : [.. options.Features, "WITH_TLS"];
        var process = PeerProcess.Start("timeout", folder,
            ["-k", "5", "150", program, "-DD", "-E", "-m", "32", "-M", "8", "-Y", folder.FullName, "-f", Path.Combine(folder.FullName, $"{role}.cfg"), .. features.SelectMany(static f => new[] { "-A", f })]);
        var kamailio = new Kamailio(process, port, tlsPort, edgePort);
        await kamailio.ListensAsync();
        return kamailio;
    }

    /// <summary>Waits for a note of its script.</summary>
    public Task SaysAsync(string text, int times = 1, int seconds = 15) => _process.SaysAsync(text, times, seconds);

    /// <summary>It neither answers nor refuses any more: its ports stay open.</summary>
    public Task FreezeAsync() => _process.SignalAsync("STOP", withChildren: true);

    public Task ThawAsync() => _process.SignalAsync("CONT", withChildren: true);

    /// <summary>Its ports are free when this returns.</summary>
    public async Task StopAsync()
    {
        await ThawAsync();
        await _process.SignalAsync("TERM");
        Assert.NotNull(await _process.ExitAsync(TimeSpan.FromSeconds(15)));
    }

    public async ValueTask DisposeAsync()
    {
        await ThawAsync();
        await _process.SignalAsync("TERM");
        await _process.ExitAsync(TimeSpan.FromSeconds(15));
        await _process.DisposeAsync();
    }

    private static (string Word, string Value)[] Words(KamailioOptions options, string folder, int port, int tlsPort, int edgePort) =>
    [
        ("folder", folder), ("modules", Modules()), ("port", Text(port)), ("tlsPort", Text(tlsPort)), ("edgePort", Text(edgePort)),
        ("user", options.User), ("password", options.Password), ("realm", KamailioOptions.Realm),
        ("maxExpires", Text(options.MaxExpires)), ("nonceSeconds", Text(options.NonceSeconds)), ("callee", Text(options.Callee)),
        ("certificate", options.Certificate?.Certificate ?? ""), ("key", options.Certificate?.Key ?? ""), ("trust", options.Certificate?.Trust ?? ""),
    ];

    // All its sockets are open before its first worker runs, TCP like UDP.
    private async Task ListensAsync()
    {
        for (var attempt = 0; attempt < 500 && !_process.HasExited; attempt++)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20);
            }
        }
        var output = Output;
        await DisposeAsync();
        throw new InvalidOperationException($"kamailio does not start:\n{output}");
    }

    // Debian's places by architecture, then the usual ones of a build from source.
    private static string Modules() => Directory.GetDirectories("/usr/lib", "*-linux-gnu*").Append("/usr/lib").Append("/usr/local/lib64").Append("/usr/local/lib")
        .Select(static f => Path.Combine(f, "kamailio", "modules")).FirstOrDefault(Directory.Exists) ?? "/usr/lib/kamailio/modules";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
