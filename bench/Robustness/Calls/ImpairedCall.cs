using VoiceGateway.Caller;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Sip;

namespace VoiceGateway.Robustness;

/// <summary>One call over one bad network: the caller says his clip, the model hears what comes of it.</summary>
internal static class ImpairedCall
{
    // The greeting's first words and the JIT compiler are out of the way, and the jitter is known.
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1.5);

    // What is still on its way.
    private static readonly TimeSpan After = TimeSpan.FromSeconds(0.8);

    /// <param name="phone">Places it.</param>
    /// <param name="simulator">Hears it; must capture.</param>
    /// <param name="target">The gateway.</param>
    /// <param name="number">The caller's, different for every call: by it the gateway's and the simulator's sides are found.</param>
    /// <param name="network">The case.</param>
    /// <param name="clip">What is said.</param>
    public static async Task<ImpairedCallResult> RunAsync(Softphone phone, LiveSimulatorServer simulator, SipUri target, string number, ImpairedCase network, SpeechClip clip)
    {
        var line = new SentVoice();
        var report = await phone.CallAsync(new CallerScript(new WaitStep(Before), new SayStep(clip), new WaitStep(After)), new CallerOptions
        {
            Target = target,
            From = new SipUri(number, "127.0.0.1"),
            Codec = network.Codec,
            Impairments = network.Network,
            Line = line,
            Record = false,
            MaxDuration = Before + clip.Duration + After + TimeSpan.FromSeconds(10),
        });
        if (report.Outcome != CallerOutcome.HungUp) throw new InvalidOperationException($"{network.Name}: {report.Outcome}, {report.Reason}");
        var session = simulator.Sessions.Single(s => s.Setup is { } setup && setup.GetRawText().Contains(number, StringComparison.Ordinal));
        return new ImpairedCallResult(network, number, line.AsHeard(network.Codec), line.AsHeard(network.Codec, report.PacketsTaken), session.ReceivedAudio());
    }
}
