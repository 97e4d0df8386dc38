using BenchmarkDotNet.Attributes;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>20 ms of sound through one resampler. A library to compare with goes here as one more method over the same frame.</summary>
[MemoryDiagnoser]
public class ResamplerBenchmarks
{
    private readonly short[] _output = new short[960];
    private short[] _input = [];
    private Resampler _resampler = Resampler.From8To16kHz();
    private ScalarResampler _scalar = new(1, 1, 1, 1);

    [Params("8->16", "24->8", "16->8", "24->16")]
    public string Rates { get; set; } = "8->16";

    [GlobalSetup]
    public void Create()
    {
        (_resampler, _scalar) = Rates switch
        {
            "8->16" => (Resampler.From8To16kHz(), new ScalarResampler(2, 1, 69, 160)),
            "24->8" => (Resampler.From24To8kHz(), new ScalarResampler(1, 3, 107, 480)),
            "16->8" => (Resampler.From16To8kHz(), new ScalarResampler(1, 2, 71, 320)),
            _ => (Resampler.From24To16kHz(), new ScalarResampler(2, 3, 209, 480)),
        };
        _input = Speech.Noise(_resampler.InputRateHz / 50);
    }

    [Benchmark(Baseline = true)]
    public int Scalar() => _scalar.Process(_input, _output);

    [Benchmark]
    public int Vectorised() => _resampler.Process(_input, _output);
}
