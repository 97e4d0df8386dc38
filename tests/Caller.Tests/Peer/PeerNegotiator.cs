using VoiceGateway.Sip;

namespace VoiceGateway.Caller.Tests;

internal sealed class PeerNegotiator(LocalAudio local, Action<NegotiatedAudio> agreed) : ISessionNegotiator
{
    private readonly SdpOriginState _origin = new();
    private SessionDescription? _offer;

    public SessionDescription? Answer(SessionDescription offer)
    {
        if (OfferAnswer.TryAnswer(offer, local, _origin, out var answer) is not { } audio) return null;
        agreed(audio);
        return answer;
    }

    public SessionDescription CreateOffer() => _offer = OfferAnswer.CreateOffer(local, _origin);

    public bool Accept(SessionDescription answer)
    {
        if (_offer is null || OfferAnswer.TryAccept(_offer, answer) is not { } audio) return false;
        agreed(audio);
        return true;
    }
}
