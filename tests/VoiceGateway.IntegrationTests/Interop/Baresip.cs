using System.Globalization;
using VoiceGateway.Codecs;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>A baresip that says one WAV file, keeps what it hears, and does what it is told over its control port.</summary>
internal sealed class Baresip : IAsyncDisposable
{
    private readonly PeerProcess _process;
    private readonly BaresipControl _control;
    private readonly string _folder;
    private readonly int _rateHz;

    private Baresip(PeerProcess process, BaresipControl control, string folder, int port, int rateHz) =>
        (_process, _control, _folder, Port, _rateHz) = (process, control, folder, port, rateHz);

    /// <summary>Its SIP port, UDP and TCP.</summary>
    public int Port { get; }

    /// <param name="says">At the codec's rate; the call ends when it has been said.</param>
    /// <param name="codec">The only one it offers.</param>
    /// <param name="answers">Takes calls by itself.</param>
    /// <param name="trust">PEM of the authority whose certificates it believes, for TLS.</param>
    /// <param name="encryption">Of its media: srtp (RTP/AVP with keys), srtp-mand (RTP/SAVP), srtp-mandf (RTP/SAVPF); null: none.</param>
    public static async Task<Baresip> StartAsync(short[] says, SpeechCodec codec, bool answers = false, string? trust = null, string? encryption = null)
    {
        var program = Peer.Baresip.Require();
        var folder = Directory.CreateTempSubdirectory("voicegateway-baresip-");
        using (var wav = new WavWriter(File.Create(Path.Combine(folder.FullName, "says.wav")), codec.SampleRateHz, 1)) wav.Write(says);
        var (sipPort, controlPort, rtp) = (FreePort.Next(), FreePort.Next(), FreePort.NextRange(20));
        foreach (var file in new[] { "config", "accounts" })
        {
            var text = await File.ReadAllTextAsync(PeerFiles.Baresip(file));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), text
                .Replace("{folder}", folder.FullName, StringComparison.Ordinal)
                .Replace("{sipPort}", Text(sipPort), StringComparison.Ordinal)
                .Replace("{controlPort}", Text(controlPort), StringComparison.Ordinal)
                .Replace("{rtpPorts}", $"{rtp}-{rtp + 19}", StringComparison.Ordinal)
                .Replace("{modules}", Modules(), StringComparison.Ordinal)
                .Replace("{authority}", trust is null ? "" : $"sip_cafile\t{trust}", StringComparison.Ordinal)
                .Replace("{codec}", codec.ToString(), StringComparison.Ordinal)
                .Replace("{encryption}", encryption is null ? "" : $";mediaenc={encryption}", StringComparison.Ordinal)
                .Replace("{answerMode}", answers ? "auto" : "manual", StringComparison.Ordinal));
        }
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "contacts"), "");
        // -t: it ends by itself even if this process is killed.
        var process = PeerProcess.Start(program, folder, ["-4", "-f", folder.FullName, "-t", "90"]);
        try
        {
            return new Baresip(process, await BaresipControl.ConnectAsync(controlPort), folder.FullName, sipPort, codec.SampleRateHz);
        }
        catch (Exception e)
        {
            var output = process.Output;
            await process.DisposeAsync();
            throw new InvalidOperationException($"baresip does not start: {e.Message}\n{output}", e);
        }
    }

    public Task DialAsync(string uri) => _control.CommandAsync("dial", uri);

    public Task HoldAsync() => _control.CommandAsync("hold");

    public Task ResumeAsync() => _control.CommandAsync("resume");

    public Task HangUpAsync() => _control.CommandAsync("hangup");

    public Task PressAsync(char key) => _control.CommandAsync("sndcode", key.ToString());

    /// <summary>Such as CALL_ESTABLISHED or CALL_CLOSED.</summary>
    /// <returns>What baresip says about it, as JSON.</returns>
    public async Task<string> EventAsync(string type)
    {
        try
        {
            return await _control.EventAsync(type, TimeSpan.FromSeconds(40));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no {type} from baresip:\n{_process.Output}");
        }
    }

    /// <summary>Ends the program, which completes the file.</summary>
    /// <returns>What was heard, at the codec's rate.</returns>
    public async Task<short[]> QuitAsync()
    {
        await _control.CommandAsync("quit");
        Assert.Equal(0, await _process.ExitAsync(TimeSpan.FromSeconds(20)));
        var file = Assert.Single(Directory.GetFiles(_folder, "dump-*-dec.wav"));
        var wav = WavReader.Read(file);
        Assert.Equal(_rateHz, wav.SampleRateHz);
        return wav.Samples;
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _process.DisposeAsync();
    }

    // Debian's place, then the usual one of a build from source.
    private static string Modules() =>
        new[] { "/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules" }.FirstOrDefault(Directory.Exists) ?? "/usr/lib/baresip/modules";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
