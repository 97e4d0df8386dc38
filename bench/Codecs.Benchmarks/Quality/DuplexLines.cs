namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>Lines of a call as the voice and echo detector meets them, 20 ms a time.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Frame">The next 20 ms.</param>
internal sealed record DuplexLines(string Name, Action Frame)
{
    private const int Samples = 160;

    public static DuplexLines[] All()
    {
        var agent = Speech.Noise(8000);
        var line = Speech.Noise(8000, 20);
        var caller = Speech.Noise(8000, 600);
        // The generator always begins alike: played backwards it is another noise.
        Array.Reverse(line);
        Array.Reverse(caller);
        var echo = new short[8000];
        for (var i = 0; i < echo.Length; i++) echo[i] = (short)(agent[(i + 8000 - 800) % 8000] / 5);

        var alone = new VoiceActivityDetector(8000);
        var at = 0;
        return
        [
            new("voice activity alone, no canceller", () => alone.Process(line.AsSpan((at = (at + 1) % 50) * Samples, Samples))),
            Line("agent silent, caller silent", new short[8000], line),
            Line("agent speaks, caller silent", agent, line),
            Line("both speak, known to have no echo (the mean of listening and not)", agent, caller, line),
            Line("both speak from the first moment on, nothing known", agent, caller),
            Line("agent speaks, its echo comes back", agent, echo),
        ];
    }

    /// <param name="name">For the report.</param>
    /// <param name="sent">A second, again and again.</param>
    /// <param name="heard">Likewise.</param>
    /// <param name="first">What is heard for the first three seconds, if something else.</param>
    private static DuplexLines Line(string name, short[] sent, short[] heard, short[]? first = null)
    {
        var (detector, frame, at) = (new DuplexVoiceDetector(), new short[Samples], 0);
        for (var i = 0; i < 150; i++) Next(first ?? heard);
        return new(name, () => Next(heard));

        void Next(short[] line)
        {
            at = (at + 1) % 50;
            detector.Sent(sent.AsSpan(at * Samples, Samples));
            line.AsSpan(at * Samples, Samples).CopyTo(frame);
            detector.Process(frame);
        }
    }
}
