namespace VoiceGateway.Sip;

/// <summary>The application's side of incoming calls. Every method runs in the call's mailbox and must not block: start a task.</summary>
public interface ISipCallHandler
{
    /// <summary>Methods that <see cref="OnRequest"/> takes within a dialog; they join INVITE, ACK, CANCEL, BYE, OPTIONS and NOTIFY in Allow.</summary>
    IReadOnlyList<string> AdditionalMethods => [];

    /// <summary>A new call in state Proceeding; 100 has been sent. It is rung, answered or rejected through <paramref name="call"/>.</summary>
    void OnInvite(SipCall call);

    /// <summary>A request of one of <see cref="AdditionalMethods"/> within a call's dialog: INFO, REFER, a NOTIFY of another event than refer...</summary>
    SipReply OnRequest(SipCall call, SipRequest request) => new(405);

    /// <summary>Whether REFER within a call goes to <see cref="OnRefer"/>, and stands in Allow.</summary>
    bool TakesReferrals => false;

    /// <summary>The peer of a call asks us to call somebody else; taken or refused by <paramref name="referral"/> before this returns.</summary>
    void OnRefer(SipCall call, SipIncomingReferral referral) => referral.Refuse(603);

    /// <summary>
    /// A new call that is to take the place of another (RFC 3891), which exists and may be replaced by the rules. Whether its
    /// sender may, is decided here; who answers it hangs up <paramref name="replaced"/>.
    /// </summary>
    void OnReplace(SipCall call, SipCall replaced) => call.Reject(603);

    /// <summary>A MESSAGE outside of any call (RFC 3428), where that is one of <see cref="AdditionalMethods"/>.</summary>
    SipReply OnMessage(SipRequest message) => new(405);
}
