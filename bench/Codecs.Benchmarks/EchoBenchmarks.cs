using BenchmarkDotNet.Attributes;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>20 ms of a duplex line: voice activity alone, on a line without echo, and with the canceller at work.</summary>
[MemoryDiagnoser]
public class EchoBenchmarks
{
    private readonly VoiceActivityDetector _alone = new(8000);
    private readonly DuplexVoiceDetector _quiet = new();
    private readonly DuplexVoiceDetector _idle = new();
    private readonly DuplexVoiceDetector _echoing = new();
    private readonly short[] _sent = Speech.Noise(8000);
    private readonly short[] _nothing = new short[160];
    private readonly short[] _line = Speech.Noise(8000, 20);
    private readonly short[] _echo = new short[8000];
    private readonly short[] _frame = new short[160];
    private int _at;

    public EchoBenchmarks()
    {
        // The generator always begins alike: played backwards it is another noise.
        Array.Reverse(_line);
        for (var i = 0; i < _echo.Length; i++) _echo[i] = (short)(_sent[(i + 8000 - 800) % 8000] / 5);
        for (var i = 0; i < 200; i++) Echoing();
        if (!_echoing.Echo.Found) throw new InvalidOperationException("the echo was not found");
    }

    [Benchmark(Baseline = true)]
    public VoiceActivity VoiceActivityAlone() => _alone.Process(Next(_line));

    [Benchmark]
    public VoiceActivity AgentSilent()
    {
        _idle.Sent(_nothing);
        return Process(_idle, _line);
    }

    [Benchmark]
    public VoiceActivity AgentSpeaksNoEcho()
    {
        _quiet.Sent(Next(_sent));
        return Process(_quiet, _line);
    }

    [Benchmark]
    public VoiceActivity Echoing()
    {
        _echoing.Sent(Next(_sent));
        return Process(_echoing, _echo);
    }

    private VoiceActivity Process(DuplexVoiceDetector detector, short[] heard)
    {
        heard.AsSpan(_at * 160, 160).CopyTo(_frame);
        return detector.Process(_frame);
    }

    private ReadOnlySpan<short> Next(short[] pcm) => pcm.AsSpan((_at = (_at + 1) % 50) * 160, 160);
}
