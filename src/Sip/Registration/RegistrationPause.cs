namespace VoiceGateway.Sip;

/// <summary>How long to wait after a REGISTER that failed (RFC 5626 section 4.5).</summary>
internal static class RegistrationPause
{
    /// <summary>
    /// <c>min(most, base * 2^failures)</c>, of which a random half to whole: after a registrar's restart its clients come back one by one.
    /// </summary>
    public static TimeSpan After(int failures, SipRegistrationOptions options)
    {
        var bound = options.RetryBase * Math.Pow(2, Math.Clamp(failures, 0, 20));
        return Part(bound < options.RetryMost ? bound : options.RetryMost);
    }

    public static TimeSpan Longest(SipRegistrationOptions options) => Part(options.RetryMost);

    /// <summary>
    /// Whether asking again in a while is useless unless somebody changes something: what a request or its sender is refused for.
    /// Everything else passes by itself.
    /// </summary>
    public static bool IsForGood(int status) =>
        status is (>= 300 and < 400) or 400 or 401 or 403 or 404 or 405 or 407 or 410 or 414 or 416 or 420 or 421 or 484 or 485 or 488 or 493 or 494 or 501 or 505
            or >= 600;

    private static TimeSpan Part(TimeSpan bound) => bound * (0.5 + (0.5 * Random.Shared.NextDouble()));
}
