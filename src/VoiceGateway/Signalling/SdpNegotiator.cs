using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>
/// Offer and answer (RFC 3264) of one call's audio: what is agreed goes to <paramref name="agreed"/>, which moves the RTP leg.
/// Called in the dialog's mailbox, one at a time.
/// </summary>
public sealed class SdpNegotiator(LocalAudio local, Action<NegotiatedAudio> agreed) : ISessionNegotiator
{
    private readonly OfferAnswer _exchange = new(local);

    /// <summary>Whether an offer could be answered at all, before the phone rings.</summary>
    public static bool CanAnswer(SessionDescription offer, LocalAudio local) => new OfferAnswer(local).TryAnswer(offer, out _) is not null;

    public SessionDescription? Answer(SessionDescription offer)
    {
        if (_exchange.TryAnswer(offer, out var answer) is not { } audio) return null;
        agreed(audio);
        return answer;
    }

    public SessionDescription CreateOffer() => _exchange.CreateOffer();

    public bool Accept(SessionDescription answer)
    {
        if (_exchange.TryAccept(answer) is not { } audio) return false;
        agreed(audio);
        return true;
    }
}
