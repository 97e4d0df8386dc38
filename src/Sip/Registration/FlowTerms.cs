using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>How the way of a binding is kept open (RFC 5626 sections 4.4 and 5.4).</summary>
/// <param name="Interval">Of the pings; zero: none.</param>
/// <param name="ExpectsPong">The first hop has promised to answer them, so that a missing pong is the end of the flow.</param>
internal readonly record struct FlowTerms(TimeSpan Interval, bool ExpectsPong)
{
    private const string Outbound = "outbound";

    /// <summary>
    /// By the 2xx of a REGISTER. Flow-Timer is how long the server waits for a ping; <c>Require: outbound</c> is there only when the first hop does its
    /// part (section 6), which <c>Supported: outbound</c>, that of the registrar alone, does not say.
    /// </summary>
    public static FlowTerms Of(SipResponse success, TimeSpan? wanted)
    {
        var timer = int.TryParse(success.Headers.Get(SipHeaderNames.FlowTimer), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : (TimeSpan?)null;
        var interval = timer is { } most && !(wanted <= most) ? most : wanted ?? TimeSpan.Zero;
        return new FlowTerms(interval, timer is not null || success.Headers.ListContains(SipHeaderNames.Require, Outbound));
    }
}
