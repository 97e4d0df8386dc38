using System.Globalization;
using VoiceGateway.Codecs;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>
/// linphonec, told what to do on its standard input: it plays a WAV file instead of a microphone, again and again, and records what it hears.
/// (linphone-daemon cannot: it has no command to use files as a sound card.)
/// </summary>
internal sealed class Linphone : IAsyncDisposable
{
    private const string Heard = "heard.wav";

    private readonly PeerProcess _process;
    private readonly string _folder;

    private readonly int _rateHz;

    private Linphone(PeerProcess process, string folder, int port, int rateHz) => (_process, _folder, Port, _rateHz) = (process, folder, port, rateHz);

    /// <summary>Its SIP port, UDP and TCP.</summary>
    public int Port { get; }

    /// <param name="says">At the codec's rate.</param>
    /// <param name="codec">The only one it offers.</param>
    /// <param name="trust">PEM of the authority whose certificates it believes, for TLS.</param>
    /// <param name="answers">Takes calls by itself.</param>
    /// <param name="suites">Of SRTP, which it then insists on; null: it encrypts nothing.</param>
    public static async Task<Linphone> StartAsync(short[] says, SpeechCodec codec, string? trust = null, bool answers = false, string? suites = null)
    {
        var program = Peer.Linphone.Require();
        var folder = Directory.CreateTempSubdirectory("voicegateway-linphone-");
        using (var wav = new WavWriter(File.Create(Path.Combine(folder.FullName, "says.wav")), codec.SampleRateHz, 1)) wav.Write(says);
        // Without these it has no database, and without a database it does not start.
        foreach (var own in new[] { ".local/share/linphone", ".config/linphone" }) folder.CreateSubdirectory(own);
        var port = FreePort.Next();
        var settings = (await File.ReadAllTextAsync(PeerFiles.Linphone("linphonerc")))
            .Replace("{sipPort}", Text(port), StringComparison.Ordinal)
            .Replace("{tlsPort}", Text(FreePort.Next()), StringComparison.Ordinal)
            .Replace("{rtpPort}", Text(FreePort.NextRange(2)), StringComparison.Ordinal)
            .Replace("{encryption}", suites is null ? "none" : "srtp", StringComparison.Ordinal)
            .Replace("{mandatory}", suites is null ? "0" : "1", StringComparison.Ordinal)
            .Replace("{suites}", suites ?? "", StringComparison.Ordinal)
            .Replace("{trust}", trust ?? "", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "linphonerc"), settings);
        // timeout: it ends by itself even if this process is killed. stdbuf: what it says comes when it says it.
        string[] arguments = ["-k", "5", "120", "stdbuf", "-oL", program, "-c", "linphonerc", "-d", "5", "-l", "log.txt", .. answers ? ["-a"] : Array.Empty<string>()];
        var phone = new Linphone(PeerProcess.Start("timeout", folder, arguments, hasKeyboard: true), folder.FullName, port, codec.SampleRateHz);
        try
        {
            await phone.SetUpAsync(codec);
            return phone;
        }
        catch
        {
            await phone.DisposeAsync();
            throw;
        }
    }

    public async Task DialAsync(string uri)
    {
        await _process.TypeAsync($"call {uri}");
        try
        {
            await SaysAsync("Media streams established");
        }
        catch (Exception e)
        {
            var log = _process.ReadFile("log.txt");
            throw new InvalidOperationException($"linphone could not call {uri}: {e.Message}\n{log[^Math.Min(log.Length, 8000)..]}", e);
        }
    }

    public Task TypeAsync(string command) => _process.TypeAsync(command);

    public Task SaysAsync(string text, int times = 1) => _process.SaysAsync(text, times, seconds: 25);

    public Task HangUpAsync() => _process.TypeAsync("terminate");

    /// <summary>Ends the program, which completes the file.</summary>
    /// <returns>What was heard, at the codec's rate.</returns>
    public async Task<short[]> QuitAsync()
    {
        await _process.TypeAsync("quit");
        Assert.NotNull(await _process.ExitAsync(TimeSpan.FromSeconds(20)));
        var wav = WavReader.Read(Path.Combine(_folder, Heard));
        Assert.Equal(_rateHz, wav.SampleRateHz);
        return wav.Samples;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.SignalAsync("TERM");
        if (await _process.ExitAsync(TimeSpan.FromSeconds(10)) is null) await _process.SignalAsync("KILL", withChildren: true);
        await _process.DisposeAsync();
    }

    private async Task SetUpAsync(SpeechCodec codec)
    {
        foreach (var command in new[] { "ipv6 disable", "soundcard use files", "play says.wav", $"record {Heard}" }) await TypeAsync(command);
        // Its numbers: 0 opus, 1 and 2 speex, 3 PCMU, 4 PCMA, 6 G.722 (disabled), 7 G.729.
        int[] others = codec is G722Codec ? [0, 1, 2, 3, 4, 7] : [0, 1, 2, codec == G711Codec.MuLaw ? 4 : 3, 7];
        foreach (var other in others) await TypeAsync($"codec disable {other}");
        await SaysAsync(") disabled", times: others.Length);
        if (codec is not G722Codec) return;
        await TypeAsync("codec enable 6");
        await SaysAsync("G722 (8000) enabled");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
