namespace VoiceGateway.Codecs.Tests;

/// <summary>Runs a detector against a line on which an agent speaks, its echo comes back, and a caller may speak, 20 ms at a time.</summary>
internal sealed class DuplexLine
{
    public const int Second = 8000;
    public const int Frame = 160;

    public List<int> OnsetsMs { get; } = [];

    public List<int> SpeechMs { get; } = [];

    public List<int> SpeechEndsMs { get; } = [];

    /// <summary>What whoever listens behind the detector is given.</summary>
    public short[] PassedOn { get; private set; } = [];

    /// <summary>What came in.</summary>
    public short[] Heard { get; private set; } = [];

    public DuplexVoiceDetector Detector { get; init; } = new();

    public static short[] Voice(string name) => WavReader.Read(TestData.PathOf("voices", name + ".wav")).Samples;

    /// <summary>Silence, then a voice at a level, silence to the end.</summary>
    public static short[] At(double seconds, short[] voice, double levelDbov, double lengthSeconds) =>
        Signal.Add(new short[(int)(lengthSeconds * Second)], Signal.Concat(new short[(int)(seconds * Second)], Signal.AtSpeechLevel(voice, levelDbov)));

    /// <summary>Where the voice of a clip begins: the first 5 ms within 25 dB of its loudest.</summary>
    public static int OnsetSample(short[] pcm)
    {
        var powers = pcm.Chunk(40).Select(static c => c.Sum(static s => (double)s * s)).ToArray();
        return Array.FindIndex(powers, p => p > powers.Max() / Math.Pow(10, 2.5)) * 40;
    }

    /// <summary>The loudspeaker gives what was sent, sample for sample, where nothing else is said to have sounded.</summary>
    public DuplexLine Run(short[] agent, EchoPath? path, short[] caller, double noiseDbov = -65, bool aLaw = false, short[]? sounded = null) =>
        RunPaths(agent, path, path, caller, noiseDbov, aLaw, sounded);

    /// <summary>After four seconds the echo takes another path.</summary>
    public DuplexLine RunPaths(short[] agent, EchoPath? path, EchoPath? then, short[] caller, double noiseDbov = -65, bool aLaw = false, short[]? sounded = null)
    {
        var length = Math.Min(agent.Length, caller.Length) / Frame * Frame;
        var sent = Coded(agent, aLaw);
        var echo = path?.Of(sounded is null ? sent : Coded(sounded, aLaw)) ?? new double[sent.Length];
        if (then != path) (then?.Of(sent) ?? new double[sent.Length]).AsSpan(4 * Second).CopyTo(echo.AsSpan(4 * Second));
        var noise = Signal.WhiteNoise(noiseDbov, length, seed: 5);
        var heard = new short[length];
        for (var i = 0; i < length; i++) heard[i] = (short)Math.Clamp(Math.Round(echo[i] + caller[i] + noise[i]), short.MinValue, short.MaxValue);
        Heard = Coded(heard, aLaw);
        PassedOn = [.. Heard];
        for (var at = 0; at < length; at += Frame)
        {
            Detector.Sent(sent.AsSpan(at, Frame));
            var change = Detector.Process(PassedOn.AsSpan(at, Frame));
            var now = (at + Frame) / 8;
            if (Detector.IsOnset) OnsetsMs.Add(now);
            if (change == VoiceActivity.SpeechStarted) SpeechMs.Add(now);
            if (change == VoiceActivity.SpeechEnded) SpeechEndsMs.Add(now);
            Observe?.Invoke(now);
        }
        return this;
    }

    public Action<int>? Observe { get; init; }

    private static short[] Coded(short[] pcm, bool aLaw)
    {
        var codes = new byte[pcm.Length];
        var result = new short[pcm.Length];
        if (aLaw) { G711.EncodeALaw(pcm, codes); G711.DecodeALaw(codes, result); }
        else { G711.EncodeMuLaw(pcm, codes); G711.DecodeMuLaw(codes, result); }
        return result;
    }
}
