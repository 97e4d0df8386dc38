using VoiceGateway.Sip;
using VoiceGateway.Signalling;

namespace VoiceGateway.Calls;

/// <summary>
/// One dialog's claim to the call's media: what it negotiates counts only while it is the one that the call goes by. A call that
/// moves to another dialog has two of them for a while, on one port.
/// </summary>
internal sealed class CallLine
{
    private readonly CallMedia _media;

    public CallLine(CallMedia media, LocalAudio local, SrtpTerms srtp)
    {
        _media = media;
        Srtp = srtp;
        Negotiator = new SdpNegotiator(srtp.ApplyTo(local), agreed => media.Agreed(this, agreed));
    }

    public SrtpTerms Srtp { get; }

    public SdpNegotiator Negotiator { get; }

    /// <summary>What was agreed last. Guarded by the media.</summary>
    public NegotiatedAudio? Agreed { get; set; }

    /// <summary>From now on the call goes by this one; the other negotiates in vain.</summary>
    public void TakeOver() => _media.Switch(this);
}
