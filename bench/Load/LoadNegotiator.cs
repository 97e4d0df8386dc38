using VoiceGateway.Sip;

namespace VoiceGateway.Load;

/// <summary>Offers what the group's port receives, and takes what the gateway makes of it.</summary>
internal sealed class LoadNegotiator(LocalAudio local, Action<NegotiatedAudio> agreed) : ISessionNegotiator
{
    private readonly SdpOriginState _origin = new();
    private SessionDescription? _offer;

    public SessionDescription CreateOffer() => _offer = OfferAnswer.CreateOffer(local, _origin);

    public bool Accept(SessionDescription answer) => _offer is not null && Take(OfferAnswer.TryAccept(_offer, answer));

    public SessionDescription? Answer(SessionDescription offer) => Take(OfferAnswer.TryAnswer(offer, local, _origin, out var answer)) ? answer : null;

    private bool Take(NegotiatedAudio? audio)
    {
        if (audio is null) return false;
        agreed(audio);
        return true;
    }
}
