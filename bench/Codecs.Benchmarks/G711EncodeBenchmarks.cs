using BenchmarkDotNet.Attributes;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>One 20 ms frame, 160 samples. A second of sound is walked through, or the branches of the search would be learnt by heart.</summary>
[MemoryDiagnoser]
public class G711EncodeBenchmarks
{
    private const int Frame = 160;

    private readonly short[] _pcm = Speech.Noise(50 * Frame);
    private readonly byte[] _codes = new byte[Frame];
    private int _at;

    [Params("PCMU", "PCMA")]
    public string Law { get; set; } = "PCMU";

    [Benchmark(Baseline = true)]
    public void SegmentSearch() => ScalarG711.EncodeBySearch(Law == "PCMU", Next(), _codes);

    [Benchmark]
    public void Table64K() => ScalarG711.EncodeByTable(Law == "PCMU", Next(), _codes);

    [Benchmark]
    public int Vectorised() => (Law == "PCMU" ? G711Codec.MuLaw : G711Codec.ALaw).Encode(Next(), _codes);

    private ReadOnlySpan<short> Next() => _pcm.AsSpan((_at = (_at + 1) % 50) * Frame, Frame);
}
