namespace VoiceGateway.Sip.Tests.Dialogs;

internal sealed class TestHandler : ISipCallHandler
{
    public List<SipCall> Calls { get; } = [];

    public Action<SipCall>? Invited { get; set; }

    public Func<SipRequest, SipReply>? Requested { get; set; }

    public IReadOnlyList<string> AdditionalMethods { get; set; } = [];

    public void OnInvite(SipCall call)
    {
        lock (Calls)
            Calls.Add(call);
        Invited?.Invoke(call);
    }

    public SipReply OnRequest(SipCall call, SipRequest request) => Requested?.Invoke(request) ?? new SipReply(200);
}
