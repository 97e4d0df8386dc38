using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>Offers a codec or two and telephone-events, and takes what the far end makes of it, now and at every re-INVITE.</summary>
internal sealed class CallerNegotiator(LocalAudio local, Action<NegotiatedAudio> agreed) : ISessionNegotiator
{
    private readonly SdpOriginState _origin = new();
    private SessionDescription? _offer;

    public static IReadOnlyList<AudioFormat> Formats(CallerCodec codec) => codec switch
    {
        CallerCodec.Pcmu => [AudioFormat.Pcmu],
        CallerCodec.Pcma => [AudioFormat.Pcma],
        CallerCodec.G722 => [AudioFormat.G722],
        _ => LocalAudio.G711,
    };

    public SessionDescription CreateOffer() => _offer = OfferAnswer.CreateOffer(local, _origin);

    public bool Accept(SessionDescription answer) =>
        _offer is not null && Take(OfferAnswer.TryAccept(_offer, answer));

    public SessionDescription? Answer(SessionDescription offer) =>
        Take(OfferAnswer.TryAnswer(offer, local, _origin, out var answer)) ? answer : null;

    private bool Take(NegotiatedAudio? audio)
    {
        if (audio is null) return false;
        agreed(audio);
        return true;
    }
}
