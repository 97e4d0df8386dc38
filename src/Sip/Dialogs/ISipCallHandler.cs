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
}
