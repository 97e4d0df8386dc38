using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>
/// Answers 401 and 407 with one set of credentials (RFC 3261 sections 22.2 and 22.3). One client may serve many requests at the same
/// time: it keeps each realm's nonce, so that later requests need not be challenged again.
/// </summary>
internal sealed class DigestClient(SipCredentials credentials)
{
    private const int MostRealms = 16;

    /// <summary>A nonce may expire on its way; one after another does only at a peer that would have us try for ever.</summary>
    private const int MostStaleInARow = 3;

    private readonly Lock _gate = new();
    private readonly List<DigestSession> _sessions = [];
    private readonly HomeRealms _home = HomeRealms.Of(credentials);

    /// <summary>
    /// Puts the answer to a challenge into the request that is to be sent again. That must be the refused request or its clone, with
    /// the Authorization that was refused, if any; CSeq, Via and whatever else may have changed.
    /// </summary>
    /// <param name="request">What goes out again.</param>
    /// <param name="challenge">401 or 407.</param>
    /// <param name="isHome">Whether it goes to the peer whose credentials these are, who may have any realm; else only to one that is known.</param>
    /// <returns>False when trying again is useless: the credentials were refused, or there is no challenge that we can answer.</returns>
    public bool TryAuthorize(SipRequest request, SipResponse challenge, bool isHome = true)
    {
        if (challenge.StatusCode is not (401 or 407))
            return false;
        lock (_gate)
        {
            // A forking proxy gathers the challenges of several branches, of both kinds, into one response (section 16.7 item 7).
            var answered = isHome ? Answered(request) : [];
            bool takesAny = request.Method == SipMethods.Register || (isHome && !_home.AreKnown && answered.Count == 0);
            int answers = TryAnswer(request, challenge, isProxy: false, IsOurs) is { } server && TryAnswer(request, challenge, isProxy: true, IsOurs) is { } proxy
                ? server + proxy
                : 0;
            return answers > 0;

            // Who challenges behind the first one that did is not the peer that we speak with.
            bool IsOurs(string realm) => takesAny || (_home.AreKnown ? _home.Contain(realm) : answered.Contains(realm) || realm == credentials.Realm);
        }
    }

    /// <summary>The request was let pass: the realms that it had an answer for are home.</summary>
    public void Passed(SipRequest request)
    {
        if (request.Method == SipMethods.Register)
            _home.Replace(Answered(request));
        else if (!_home.AreKnown)
            _home.Learn(Answered(request));
    }

    /// <summary>Authorizes with the nonces that are known: saves the round trip where the peer still takes them.</summary>
    public void Preauthorize(SipRequest request)
    {
        lock (_gate)
        {
            foreach (var session in _sessions)
            {
                if (request.Method == SipMethods.Register || !_home.AreKnown || _home.Contain(session.Realm))
                    Put(request, session);
            }
        }
    }

    /// <summary>How many realms were answered; null when one of them has refused our credentials.</summary>
    private int? TryAnswer(SipRequest request, SipResponse response, bool isProxy, Predicate<string> isOurs)
    {
        int answers = 0;
        var challenges = AuthenticationFields.ReadDigests(response.Headers, isProxy ? SipHeaderNames.ProxyAuthenticate : SipHeaderNames.WwwAuthenticate);
        foreach (var realm in challenges.GroupBy(static challenge => challenge["realm"]!, StringComparer.Ordinal))
        {
            if ((credentials.Realm is { } only && realm.Key != only) || !isOurs(realm.Key))
                continue;
            bool isStale = realm.Any(static challenge => "true".Equals(challenge["stale"], StringComparison.OrdinalIgnoreCase));
            var last = _sessions.Find(session => session.IsProxy == isProxy && session.Realm == realm.Key);
            if (last is not null)
                _sessions.Remove(last);
            int refusals = IsRefusedAtFirstUse(request, realm.Key, isProxy) ? 1 + (last?.Refusals ?? 0) : 0;
            if (refusals > (isStale ? MostStaleInARow : 0))
                return null;

            // RFC 8760 section 2.4 leaves the choice among those offered to us: the best, the first of equals.
            var best = realm.Select(challenge => DigestSession.Of(challenge, isProxy)).OfType<DigestSession>().OrderByDescending(session => session.Algorithm).FirstOrDefault();
            if (best is null)
                continue;
            best.Refusals = refusals;
            if (_sessions.Count >= MostRealms)
                _sessions.Clear();
            _sessions.Add(best);
            Put(request, best);
            answers++;
        }

        return answers;
    }

    /// <summary>
    /// A nonce that is refused at its first use was refused for the credentials. One that had worked before has only grown old, which
    /// not every server says by stale.
    /// </summary>
    private static bool IsRefusedAtFirstUse(SipRequest request, string realm, bool isProxy) =>
        AuthenticationFields.ReadDigests(request.Headers, HeaderName(isProxy)).Exists(sent =>
            sent["realm"] == realm && (!uint.TryParse(sent["nc"], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint count) || count <= 1));

    private static List<string> Answered(SipRequest request)
    {
        List<string> realms = [];
        foreach (bool isProxy in (ReadOnlySpan<bool>)[false, true])
        {
            if (request.Headers.Contains(HeaderName(isProxy)))
                realms.AddRange(AuthenticationFields.ReadDigests(request.Headers, HeaderName(isProxy)).Select(static sent => sent["realm"]!));
        }

        return realms;
    }

    private void Put(SipRequest request, DigestSession session)
    {
        var name = HeaderName(session.IsProxy);
        var others = request.Headers.GetAll(name).Where(value => !IsOf(session.Realm, value)).ToList();
        request.Headers.Remove(name);
        foreach (var other in others)
            request.Headers.Add(name, other);
        request.Headers.Add(name, session.Authorize(credentials, request));
    }

    private static bool IsOf(string realm, string value)
    {
        var headers = new SipHeaders().Add(SipHeaderNames.Authorization, value);
        return AuthenticationFields.ReadDigests(headers, SipHeaderNames.Authorization).Exists(sent => sent["realm"] == realm);
    }

    private static string HeaderName(bool isProxy) => isProxy ? SipHeaderNames.ProxyAuthorization : SipHeaderNames.Authorization;
}
