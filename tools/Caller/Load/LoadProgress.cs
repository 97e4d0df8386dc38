namespace VoiceGateway.Caller;

/// <summary>How far a load run is.</summary>
public readonly record struct LoadProgress(int Placed, int Up, int Ended);
