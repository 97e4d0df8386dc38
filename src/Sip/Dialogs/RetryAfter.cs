namespace VoiceGateway.Sip;

/// <summary>
/// Retry-After (RFC 3261 section 20.33): seconds, behind which a comment and parameters may stand, as in
/// <c>120 (I'm in a meeting) ;duration=3600</c>.
/// </summary>
internal static class RetryAfter
{
    /// <summary>Null when it is absent or no number.</summary>
    public static TimeSpan? Read(SipMessage message)
    {
        var text = SipGrammar.Trim(message.Headers.Get(SipHeaderNames.RetryAfter));
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return SipGrammar.TryParseNumber(end < 0 ? text : text[..end], int.MaxValue, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
    }
}
