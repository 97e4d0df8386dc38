namespace VoiceGateway.Caller.Tests;

/// <summary>Feeds PCM to an <see cref="AgentVoice"/> as a stream of 20 ms packets would, and keeps what it decided.</summary>
internal sealed class Ear(int turnSilenceMs = 700, int bargeInSilenceMs = 300)
{
    public AgentVoice Voice { get; } = new(Ticks(turnSilenceMs), Ticks(bargeInSilenceMs));

    public List<(AgentChange Change, double AtMs)> Changes { get; } = [];

    /// <summary>Now; 0 is no moment for a Stopwatch.</summary>
    public long Now { get; private set; } = Ticks(1000);

    public double NowMs => StopwatchTime.Milliseconds(Now);

    public Ear Hear(ReadOnlySpan<short> pcm)
    {
        for (var at = 0; at + 160 <= pcm.Length; at += 160)
        {
            Note(Voice.Hear(pcm.Slice(at, 160), Now));
            Pass(20);
        }
        return this;
    }

    /// <summary>Time without packets.</summary>
    public Ear Wait(int milliseconds)
    {
        for (var passed = 0; passed < milliseconds; passed += 20) Pass(20);
        return this;
    }

    private void Pass(int milliseconds)
    {
        Now += Ticks(milliseconds);
        Note(Voice.Advance(Now));
    }

    private void Note(AgentChange change)
    {
        if (change != AgentChange.None) Changes.Add((change, NowMs));
    }

    private static long Ticks(int milliseconds) => StopwatchTime.Ticks(TimeSpan.FromMilliseconds(milliseconds));
}
