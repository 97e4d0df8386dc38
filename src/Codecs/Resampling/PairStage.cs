namespace VoiceGateway.Codecs;

/// <summary>Taps of one scale: all up to <paramref name="End"/>; then the sum so far is divided by two to the power of <paramref name="Shift"/>.</summary>
internal readonly record struct PairStage(int End, int Shift);
