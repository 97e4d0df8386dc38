namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>What a filter is to do between two frequencies.</summary>
/// <param name="FromHz">The lower edge.</param>
/// <param name="ToHz">The upper edge.</param>
/// <param name="Gain">Wanted.</param>
/// <param name="Weight">How much an error counts.</param>
internal sealed record FilterBand(double FromHz, double ToHz, double Gain, double Weight);
