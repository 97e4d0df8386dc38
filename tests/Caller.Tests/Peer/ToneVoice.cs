namespace VoiceGateway.Caller.Tests;

/// <summary>A sine without seams between frames, at -20 dBov.</summary>
internal sealed class ToneVoice(double frequencyHz)
{
    private static readonly double Amplitude = Math.Sqrt(2 * SpeechLevel.MeanSquareAt(-20));
    private long _sample;

    public void Next(Span<short> frame)
    {
        foreach (ref var sample in frame) sample = (short)(Amplitude * Math.Sin(2 * Math.PI * frequencyHz * _sample++ / AudioFrame.SampleRateHz));
    }
}
