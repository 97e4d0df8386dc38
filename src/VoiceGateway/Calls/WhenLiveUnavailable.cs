namespace VoiceGateway.Calls;

public enum WhenLiveUnavailable
{
    /// <summary>Answer, say the recorded apology, hang up.</summary>
    Apologise,

    /// <summary>503 before the answer.</summary>
    Reject,
}
