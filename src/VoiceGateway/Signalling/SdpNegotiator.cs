using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>
/// Offer and answer (RFC 3264) of one call's audio: what is agreed goes to <paramref name="agreed"/>, which moves the RTP leg.
/// Called in the dialog's mailbox, one at a time.
/// </summary>
public sealed class SdpNegotiator(LocalAudio local, Action<NegotiatedAudio> agreed) : ISessionNegotiator
{
    private readonly SdpOriginState _state = new();
    // What we said last, offer or answer: a session refresh offers it again as it is (RFC 4028 section 7.4).
    private SessionDescription? _said;

    /// <summary>Whether an INVITE's body could be answered at all, before the phone rings. Without an offer, we make one.</summary>
    public bool CanAnswer(ReadOnlySpan<byte> body) =>
        !SessionDescription.TryParse(body, out var offer, out _) || OfferAnswer.TryAnswer(offer!, local, new SdpOriginState(), out _) is not null;

    /// <summary>What is wrong with how a body that cannot be answered protects its audio, in a few words; null: something else is wrong.</summary>
    public string? Objection(ReadOnlySpan<byte> body) =>
        SessionDescription.TryParse(body, out var offer, out _) ? OfferAnswer.SrtpObjection(offer!, local) : null;

    public SessionDescription? Answer(SessionDescription offer)
    {
        if (OfferAnswer.TryAnswer(offer, local, _state, out var answer) is not { } audio) return null;
        _said = answer;
        agreed(audio);
        return answer;
    }

    public SessionDescription CreateOffer() => _said = OfferAnswer.CreateOffer(local, _state);

    public bool Accept(SessionDescription answer)
    {
        if (_said is null || OfferAnswer.TryAccept(_said, answer, local.Srtp) is not { } audio) return false;
        agreed(audio);
        return true;
    }
}
