using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>How a call's audio is to be protected: what its trunk says, and whether its signalling hides the keys from others.</summary>
/// <param name="Trunk">Whose call it is; null: nobody's, and then protection is the peer's to ask for.</param>
/// <param name="HidesKeys">By TLS, as far as we see.</param>
public readonly record struct SrtpTerms(Trunk? Trunk, bool HidesKeys)
{
    public static SrtpTerms Of(SipCall sip) => Of(sip.Peer as Trunk, sip.Transport);

    public static SrtpTerms Of(Trunk? trunk, SipTransportKind transport) => new(trunk, transport == SipTransportKind.Tls);

    public LocalAudio ApplyTo(LocalAudio local) => local with
    {
        Srtp = Trunk?.Options.Srtp ?? SrtpPolicy.Optional,
        SrtpSuites = Trunk?.Options.Suites ?? SdesSuites.All,
        OffersKeys = HidesKeys,
    };
}
