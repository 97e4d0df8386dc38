namespace VoiceGateway.Sip;

/// <param name="Outcome">What the credentials are worth.</param>
/// <param name="User">Who is meant, proven only when accepted; null where nobody was named.</param>
public readonly record struct DigestVerdict(DigestOutcome Outcome, string? User)
{
    public bool IsAccepted => Outcome == DigestOutcome.Accepted;

    /// <summary>Whether a peer with the right password would be better off with another nonce (RFC 7616 section 3.3, stale).</summary>
    public bool IsStale => Outcome is DigestOutcome.Stale or DigestOutcome.Replayed;
}
