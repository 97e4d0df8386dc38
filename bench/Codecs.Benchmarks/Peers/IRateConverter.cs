namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>A resampler, ours or another's.</summary>
internal interface IRateConverter
{
    string Name { get; }

    int Process(ReadOnlySpan<short> input, Span<short> output);
}
