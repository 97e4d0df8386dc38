using BenchmarkDotNet.Attributes;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>One 20 ms frame, 160 bytes.</summary>
[MemoryDiagnoser]
public class G711DecodeBenchmarks
{
    private readonly byte[] _codes = new byte[160];
    private readonly short[] _pcm = new short[160];

    [Params("PCMU", "PCMA")]
    public string Law { get; set; } = "PCMU";

    [GlobalSetup]
    public void Fill() => new Random(1).NextBytes(_codes);

    [Benchmark(Baseline = true)]
    public void Table256() => ScalarG711.DecodeByTable(Law == "PCMU", _codes, _pcm);

    [Benchmark]
    public int Vectorised() => (Law == "PCMU" ? G711Codec.MuLaw : G711Codec.ALaw).Decode(_codes, _pcm);
}
