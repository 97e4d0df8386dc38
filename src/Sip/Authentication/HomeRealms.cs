using System.Runtime.CompilerServices;

namespace VoiceGateway.Sip;

/// <summary>
/// The realms that have taken a peer's credentials. Behind a trunk anybody may stand, and a challenge is passed on to us whoever made it: once the
/// trunk's own realm is known, by its registrar or by the first call that it let pass, no other one gets an answer. Thread-safe.
/// </summary>
internal sealed class HomeRealms
{
    // By the object, not by its value: two trunks may share a user and a password, and have a realm each.
    private static readonly ConditionalWeakTable<SipCredentials, HomeRealms> ByCredentials = new();

    private volatile IReadOnlyList<string> _known = [];

    public bool AreKnown => _known.Count > 0;

    public static HomeRealms Of(SipCredentials credentials) => ByCredentials.GetOrCreateValue(credentials);

    public bool Contain(string realm) => _known.Contains(realm, StringComparer.Ordinal);

    /// <summary>What the registrar takes, which is home whatever it was called before.</summary>
    public void Replace(IReadOnlyList<string> realms)
    {
        if (realms.Count > 0)
            _known = realms;
    }

    /// <summary>What the first request that needed an answer was let pass with.</summary>
    public void Learn(IReadOnlyList<string> realms)
    {
        if (!AreKnown)
            _known = realms;
    }
}
