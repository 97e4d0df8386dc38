using BenchmarkDotNet.Attributes;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>20 ms of sound through the voice activity detector, against the least that any detector must do: the frame's energy.</summary>
[MemoryDiagnoser]
public class VoiceActivityBenchmarks
{
    private readonly VoiceActivityDetector _detector = new(8000);
    // So eager that the periodicity is measured in every frame, and never satisfied: the most that a frame can cost.
    private readonly VoiceActivityDetector _armed = new(8000, new VoiceActivityOptions { OnsetThresholdDb = 1, ReleaseThresholdDb = 0, OnsetMs = 20, MinimumPeriodicity = 1 });
    private readonly short[] _quiet = Speech.Noise(8000, 30);
    private readonly short[] _loud = Speech.Noise(8000);
    private int _at;

    [Benchmark(Baseline = true)]
    public long Energy()
    {
        var sum = 0L;
        foreach (var sample in Next(_quiet))
            sum += sample * sample;
        return sum;
    }

    [Benchmark]
    public VoiceActivity Quiet() => _detector.Process(Next(_quiet));

    [Benchmark]
    public VoiceActivity AtAnOnset()
    {
        if (_at == 0)
            _armed.Reset();
        return _armed.Process(Next(_loud));
    }

    private ReadOnlySpan<short> Next(short[] pcm) => pcm.AsSpan((_at = (_at + 1) % 50) * 160, 160);
}
