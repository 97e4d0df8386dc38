namespace VoiceGateway.Caller;

/// <summary>What one sent frame held of a clip: the voice's first sample, its last, the clip's last.</summary>
internal readonly record struct MouthFrame(bool Begins, bool Ends, bool IsLast)
{
    public static MouthFrame Silence => default;
}
