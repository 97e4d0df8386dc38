using VoiceGateway.Caller;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>What a caller does: rounds of ordering, asking, listening to a long story and speaking over it.</summary>
internal static class SoakScript
{
    private static readonly SpeechClip[] Lines = [.. CallerVoice.Lines.Select(static l => l.Read()).Select(static w => SpeechClip.FromPcm(w.Samples, w.SampleRateHz))];

    public static CallerScript For(int call)
    {
        var random = new Random(call);
        var listen = new ListenStep { Optional = true, Timeout = TimeSpan.FromSeconds(12) };
        return new CallerScript(
            new SayStep(Lines[0]), listen,
            new SayStep(Lines[2]), listen,
            new WaitStep(TimeSpan.FromSeconds(random.NextDouble() * 2)),
            new SayStep(Lines[3]),
            new InterruptStep(TimeSpan.FromSeconds(1.5 + random.NextDouble() * 2), Lines[1]) { Timeout = TimeSpan.FromSeconds(8) }, listen,
            new SayStep(Lines[2]), listen,
            new WaitStep(TimeSpan.FromSeconds(random.NextDouble() * 3)),
            new SayStep(Lines[3]), listen)
        {
            Repeat = true,
            Prelude = [listen],
        };
    }
}
