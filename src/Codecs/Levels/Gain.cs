using System.Globalization;

namespace VoiceGateway.Codecs;

/// <summary>Louder or quieter by a fixed number of decibels.</summary>
public sealed class Gain(double db) : IVoiceFilter
{
    private readonly float _factor = (float)Math.Pow(10, db / 20);

    public double Db { get; } = db;

    public void Process(Span<float> pcm)
    {
        foreach (ref var sample in pcm) sample *= _factor;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Gain({Db:+0.#;-0.#;0} dB)");
}
