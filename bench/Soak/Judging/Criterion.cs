namespace VoiceGateway.Soak;

/// <summary>One of the promises, and whether it was kept.</summary>
internal sealed record Criterion(string Promise, bool Kept, string Found);
