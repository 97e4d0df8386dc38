using VoiceGateway.Caller;
using VoiceGateway.Codecs;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Robustness;

/// <summary>One call from a network namespace: the caller is a process in there, and the kernel's netem is the bad network.</summary>
internal static class NetemCall
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);

    /// <param name="space">Where the caller lives; its network is bad while the clip is said.</param>
    /// <param name="simulator">Hears it; must capture.</param>
    /// <param name="target">The gateway, as it is reached from there: <c>host:port</c>.</param>
    /// <param name="number">The caller's.</param>
    /// <param name="network">The case; netem must know it.</param>
    /// <param name="clip">What is said.</param>
    public static async Task<ImpairedCallResult> RunAsync(NetworkNamespace space, LiveSimulatorServer simulator, string target, string number, ImpairedCase network, SpeechClip clip)
    {
        var netem = network.ForNetem ?? throw new ArgumentException($"netem knows no {network.Name}", nameof(network));
        var file = Path.GetTempFileName();
        try
        {
            Write(file, clip);
            var calling = Shell.RunAsync("ip", space.CommandLine(
                "dotnet", typeof(Softphone).Assembly.Location, "call", $"sip:100@{target}", "--from", $"sip:{number}@{space.There}", "--codec", network.IsWide ? "g722" : "pcmu",
                "--no-greeting", "--wait", $"{Before.TotalMilliseconds:F0}ms", "--say", file, "--wait", "1s", "--quiet").Skip(1));
            // From the answer on: the signalling has other tests.
            while (!calling.IsCompleted && SessionOf(simulator, number) is not { AudioFramesReceived: > 0 }) await Task.Delay(20);
            await Task.Delay(Before / 4);
            await space.SetAsync(netem);
            await Task.WhenAny(calling, Task.Delay(Before * 3 / 4 + clip.Duration + TimeSpan.FromMilliseconds(300)));
            await space.SetAsync(null);
            await calling;
            var sent = new SentVoice();
            sent.Carry(clip.Pcm8kHz.ToArray(), 0);
            return new ImpairedCallResult(network, number, sent.AsHeard(network.Codec), null, SessionOf(simulator, number)!.ReceivedAudio());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static SimulatedSession? SessionOf(LiveSimulatorServer simulator, string number) =>
        simulator.Sessions.FirstOrDefault(s => s.Setup is { } setup && setup.GetRawText().Contains(number, StringComparison.Ordinal));

    private static void Write(string path, SpeechClip clip)
    {
        using var wav = new WavWriter(File.Create(path), 8000, channels: 1);
        wav.Write(clip.Pcm8kHz.Span);
    }
}
