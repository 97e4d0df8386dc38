namespace VoiceGateway.Sip;

/// <summary>A dialog or early dialog of a call, and how far its offer/answer has come.</summary>
internal sealed record DialogSession(SipDialog Dialog, OfferAnswerState Offers);
