using VoiceGateway.Sip;

namespace VoiceGateway.Calls;

/// <summary>Whom a referral has us call.</summary>
/// <param name="Uri">Where the INVITE goes.</param>
/// <param name="IsListed">
/// The configuration names them. Otherwise we are to take the place of a call that the peer says it has, which nobody here can check: an
/// INVITE whose Replaces is made up may dial, and our password would pay for it.
/// </param>
internal sealed record AllowedReferral(SipUri Uri, bool IsListed);
