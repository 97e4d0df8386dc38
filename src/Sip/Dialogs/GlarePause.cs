namespace VoiceGateway.Sip;

/// <summary>How long a request that crossed one of the peer's waits until it is sent again (RFC 3261 section 14.1, RFC 3311 section 5.3).</summary>
internal static class GlarePause
{
    public const int MostTries = 5;

    /// <summary>Who chose the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in steps of 10 ms: so that they do not cross again.</summary>
    public static TimeSpan Next(bool isOwnerOfCallId)
    {
        int steps = isOwnerOfCallId ? Random.Shared.Next(210, 401) : Random.Shared.Next(0, 201);
        return TimeSpan.FromMilliseconds(10 * steps);
    }
}
