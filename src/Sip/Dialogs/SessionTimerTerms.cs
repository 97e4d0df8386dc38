using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// What the two sides of a call have agreed on about its session timer, and the headers by which they do (RFC 4028 sections 7 and 9):
/// <code>
///   request:  Supported: timer   Session-Expires: 1800;refresher=uac   Min-SE: 90   --422 Min-SE: 300--> once more with 300
///   2xx:      Require: timer     Session-Expires: 1800;refresher=uac
/// </code>
/// </summary>
/// <param name="options">Null: no session timers; a peer's Session-Expires counts for nothing.</param>
internal sealed class SessionTimerTerms(SipSessionTimerOptions? options)
{
    public const string Extension = "timer";
    private const uint LeastMinSE = 90; // section 5, and what a message without Min-SE means
    private uint _raised; // by a 422

    /// <summary>Seconds from one refresh to the end of the session; 0: no timer.</summary>
    public uint Interval { get; private set; }

    /// <summary>Whether the refreshes are ours to send.</summary>
    public bool IsRefresher { get; private set; }

    private uint MinSE => (uint)(options?.MinSE.TotalSeconds ?? LeastMinSE);

    /// <summary>An INVITE, re-INVITE or UPDATE of ours. The first one leaves the role to the peer, a later one keeps it (section 7.4).</summary>
    public void Put(SipRequest request)
    {
        if (options is null)
            return;
        var wanted = Interval > 0 ? Interval : (uint)options.Expires.TotalSeconds;
        SessionRefresher? refresher = Interval == 0 ? null : IsRefresher ? SessionRefresher.Uac : SessionRefresher.Uas;
        request.Headers.Set(SipHeaderNames.SessionExpires, new SessionExpires(Math.Max(wanted, _raised), refresher).ToString());
        var minimum = Math.Max(MinSE, _raised);
        // Once learned from a 422 it has to be said, whatever it is (section 7.4).
        if (minimum > LeastMinSE || _raised > 0)
            request.Headers.Set(SipHeaderNames.MinSE, minimum.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>422 to a request of ours: true when the request can go out again with the interval that it asks for (section 7.3).</summary>
    public bool TryRaise(SipResponse refusal)
    {
        if (options is null || refusal.StatusCode != 422 || SessionExpires.MinimumOf(refusal) is not { } minimum || minimum <= _raised)
            return false;
        bool isMore = minimum > Math.Max(Interval > 0 ? Interval : (uint)options.Expires.TotalSeconds, _raised);
        _raised = minimum;
        return isMore;
    }

    /// <summary>The 2xx to a request of ours (section 7.2): without Session-Expires there is no timer (any more).</summary>
    public void Accepted(SipResponse success)
    {
        if (options is null)
            return;
        var agreed = SessionExpires.Of(success);
        Interval = agreed is { } expires ? Math.Max(expires.Seconds, Math.Min(MinSE, LeastMinSE)) : 0;
        IsRefresher = agreed?.Refresher != SessionRefresher.Uas;
    }

    /// <summary>A request of the peer asks for less than we agree to, and can be told so: 422 (section 9).</summary>
    public bool IsTooBrief(SipRequest request) =>
        options is not null && Supports(request) && SessionExpires.Of(request) is { } asked && asked.Seconds < MinSE;

    public void PutMinimum(SipResponse refusal) =>
        refusal.Headers.Set(SipHeaderNames.MinSE, MinSE.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Our 2xx to a session refresh request of the peer (section 9, table 2):
    /// <code>
    ///   peer supports timers   refresher in its request   refresher in our 2xx
    ///   no                     (none)                     uas
    ///   yes                    none                       uac when it asked for a timer, uas when we want one; in a dialog: who it is
    ///   yes                    uac | uas                  the same
    /// </code>
    /// </summary>
    public void Agree(SipRequest request, SipResponse success)
    {
        if (options is null)
            return;
        bool supports = Supports(request);
        var asked = SessionExpires.Of(request);
        var interval = IntervalFor(request, asked?.Seconds, supports);
        IsRefresher = RefresherFor(asked, supports) == SessionRefresher.Uas;
        Interval = interval;
        if (interval == 0)
            return;
        success.Headers.Set(SipHeaderNames.SessionExpires, new SessionExpires(interval, IsRefresher ? SessionRefresher.Uas : SessionRefresher.Uac).ToString());
        // uac: MUST, because it has work to do; uas: SHOULD, because it has to end the session when we go silent.
        if (supports)
            success.Headers.Add(SipHeaderNames.Require, Extension);
    }

    private uint IntervalFor(SipRequest request, uint? asked, bool supports)
    {
        // A proxy put it there for a peer that could not be told 422. So short an interval would be a burden that nobody answers for.
        if (asked is { } seconds)
            return seconds >= MinSE ? seconds : 0;
        if (!supports)
            return 0; // nobody has asked for it; refreshing it would be all ours
        var wanted = Interval > 0 ? Interval : (uint)options!.Expires.TotalSeconds;
        return Math.Max(wanted, SessionExpires.MinimumOf(request) ?? LeastMinSE);
    }

    private SessionRefresher RefresherFor(SessionExpires? asked, bool supports)
    {
        if (!supports)
            return SessionRefresher.Uas;
        if (asked?.Refresher is { } refresher)
            return refresher;
        if (Interval > 0)
            return IsRefresher ? SessionRefresher.Uas : SessionRefresher.Uac;
        return asked is null ? SessionRefresher.Uas : SessionRefresher.Uac;
    }

    private static bool Supports(SipRequest request) =>
        request.Headers.ListContains(SipHeaderNames.Supported, Extension) || request.Headers.ListContains(SipHeaderNames.Require, Extension);

    public override string ToString() =>
        Interval == 0 ? "no session timer" : string.Create(CultureInfo.InvariantCulture, $"{Interval} s, refreshed by {(IsRefresher ? "us" : "the peer")}");
}
