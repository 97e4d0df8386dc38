namespace VoiceGateway.Codecs.Benchmarks;

internal sealed class OurResampler(int inputRateHz, int outputRateHz) : IRateConverter
{
    private readonly Resampler _resampler = Resampler.Create(inputRateHz, outputRateHz);

    public string Name => "VoiceGateway";

    public int Process(ReadOnlySpan<short> input, Span<short> output) => _resampler.Process(input, output);
}
