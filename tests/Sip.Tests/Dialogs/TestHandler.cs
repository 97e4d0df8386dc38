namespace VoiceGateway.Sip.Tests.Dialogs;

internal sealed class TestHandler : ISipCallHandler
{
    public List<SipCall> Calls { get; } = [];

    public Action<SipCall>? Invited { get; set; }

    public Func<SipRequest, SipReply>? Requested { get; set; }

    public IReadOnlyList<string> AdditionalMethods { get; set; } = [];

    /// <summary>Set: REFERs come here.</summary>
    public Action<SipIncomingReferral>? Referred { get; set; }

    /// <summary>Set: INVITEs with Replaces come here, and are refused by 603 otherwise.</summary>
    public Action<SipCall, SipCall>? Replacing { get; set; }

    public bool TakesReferrals { get; set; }

    public void OnRefer(SipCall call, SipIncomingReferral referral) => Referred?.Invoke(referral);

    public void OnReplace(SipCall call, SipCall replaced)
    {
        if (Replacing is { } replacing)
            replacing(call, replaced);
        else
            call.Reject(603);
    }

    public void OnInvite(SipCall call)
    {
        lock (Calls)
            Calls.Add(call);
        Invited?.Invoke(call);
    }

    public SipReply OnRequest(SipCall call, SipRequest request) => Requested?.Invoke(request) ?? new SipReply(200);
}
