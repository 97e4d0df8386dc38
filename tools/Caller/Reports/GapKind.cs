namespace VoiceGateway.Caller;

public enum GapKind
{
    /// <summary>RTP packets that never came, known by their sequence numbers.</summary>
    Lost,

    /// <summary>An RTP packet that came later than its timestamp promised.</summary>
    Late,

    /// <summary>Silence inside a reply, whether it was sent as silence or not sent at all.</summary>
    Silence,
}
