namespace VoiceGateway.Sip;

/// <summary>
/// Refusals of an INVITE that say what would do instead (RFC 3261 sections 8.1.3.4 and 8.1.3.5): it is sent once more, changed, with the
/// next CSeq. Each extension is dropped or added once, so that two elements that want opposite things end it.
/// </summary>
internal sealed class InviteRetries(SipStack stack, SipOutgoingCall wanted, SipCall call, RequestAttempts attempts)
{
    private const int MostRaises = 3; // each proxy on the way may have a minimum of its own (RFC 4028 section 8.1)
    private readonly RedirectTargets _targets = new(wanted.To.WithoutHeaders(), wanted.MostRedirects);
    private readonly HashSet<int> _tried = [];
    private int _raises;

    /// <summary>True: another attempt is under way.</summary>
    public bool TryAgain(SipResponse refusal)
    {
        if (stack.IsStopping)
            return false;
        switch (refusal.StatusCode)
        {
            case 422 when call.SessionTimer.TryRaise(refusal) && _raises++ < MostRaises:
                attempts.Again(call.SessionTimer.Put);
                return true;
            case 420 when Dispensable(refusal) is { Count: > 0 } refused && _tried.Add(420):
                attempts.Again(request => Drop(request, refused));
                return true;
            case 421 when Missing(refusal) is { Count: > 0 } required && _tried.Add(421):
                attempts.Again(request => Support(request, required));
                return true;
            case 300 or 301 or 302:
                return TryNextTarget(refusal);
            default:
                return _targets.HasFollowed && TryNextTarget(refusal);
        }
    }

    /// <summary>Silence of one target of a redirect is as good as its refusal.</summary>
    public bool TryAgainAfterSilence() => !stack.IsStopping && _targets.HasFollowed && TryNextTarget(null);

    /// <summary>A further target of the set that an earlier redirect gave, or the first of this one.</summary>
    private bool TryNextTarget(SipResponse? refusal)
    {
        if (_targets.Next(refusal) is not { } target)
            return false;
        var routes = RouteSet.Of(wanted.Proxy, wanted.Routes);
        // Whoever redirects us could name a server of its own, to collect answers to its challenges.
        if (routes.Count == 0 && wanted.Credentials?.Realm is null && !target.Host.Equals(wanted.To.Host, StringComparison.OrdinalIgnoreCase))
            attempts.Digest = null;
        attempts.Redirect(RouteSet.NextHop(routes, target), request => RouteSet.Put(request, routes, target));
        return true;
    }

    /// <summary>What the callee does not know and we can do without (section 8.1.3.5 on 420); some refuse what was only offered.</summary>
    private List<string> Dispensable(SipResponse refusal)
    {
        var request = attempts.Request!.Headers;
        return
        [
            .. refusal.Headers.GetList(SipHeaderNames.Unsupported).Where(IsOurs).Where(
                tag => request.ListContains(SipHeaderNames.Require, tag) || request.ListContains(SipHeaderNames.Supported, tag)),
        ];
    }

    /// <summary>What the callee insists on and we have, but did not say (section 21.4.15).</summary>
    private List<string> Missing(SipResponse refusal)
    {
        var supported = attempts.Request!.Headers.GetList(SipHeaderNames.Supported);
        List<string> required = [.. refusal.Headers.GetList(SipHeaderNames.Require)];
        return required.TrueForAll(IsOurs) ? [.. required.Where(tag => !supported.Contains(tag, StringComparer.OrdinalIgnoreCase))] : [];
    }

    private static bool IsOurs(string tag) =>
        tag.Equals(ReliableProvisionals.Extension, StringComparison.OrdinalIgnoreCase) || tag.Equals(SessionTimerTerms.Extension, StringComparison.OrdinalIgnoreCase);

    private static void Drop(SipRequest request, List<string> tags)
    {
        foreach (var name in (ReadOnlySpan<string>)[SipHeaderNames.Require, SipHeaderNames.Supported])
            Replace(request, name, [.. request.Headers.GetList(name).Where(tag => !tags.Contains(tag, StringComparer.OrdinalIgnoreCase))]);
        if (tags.Contains(SessionTimerTerms.Extension, StringComparer.OrdinalIgnoreCase))
        {
            request.Headers.Remove(SipHeaderNames.SessionExpires);
            request.Headers.Remove(SipHeaderNames.MinSE);
        }
    }

    private static void Support(SipRequest request, List<string> tags) =>
        Replace(request, SipHeaderNames.Supported, [.. request.Headers.GetList(SipHeaderNames.Supported), .. tags]);

    private static void Replace(SipRequest request, string name, IReadOnlyList<string> tags)
    {
        request.Headers.Remove(name);
        if (tags.Count > 0)
            request.Headers.Set(name, string.Join(", ", tags));
    }
}
