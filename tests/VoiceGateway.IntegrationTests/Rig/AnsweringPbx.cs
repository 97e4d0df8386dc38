using System.Net;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>A PBX on loopback that wants a password of its callers and answers them.</summary>
internal sealed class AnsweringPbx : ISipCallHandler, ISipGatekeeper, IAsyncDisposable
{
    private readonly SipEndpoint _endpoint;
    private readonly DigestServer _digest;
    private readonly TaskCompletionSource<SipCall> _call = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AnsweringPbx(string user, string password)
    {
        _digest = new DigestServer("pbx", name => name == user ? password : null);
        _endpoint = new SipEndpoint(
            new SipEndpointOptions { Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))], Gatekeeper = this }, this);
    }

    public int Port => _endpoint.BoundEndPoints[0].EndPoint.Port;

    public Task StartAsync() => _endpoint.StartAsync();

    /// <summary>The first call that showed the password.</summary>
    public Task<SipCall> CallAsync() => _call.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public bool Knows(in SipSource source) => true;

    public SipAdmission Admit(SipRequest request, in SipSource source)
    {
        var verdict = _digest.Check(request);
        return verdict.IsAccepted ? SipAdmission.Accept() : SipAdmission.Challenge(_digest, verdict);
    }

    public void OnInvite(SipCall call)
    {
        // A port that no other test's telephone may have: 9 is that which discards (RFC 863).
        _ = call.AnswerAsync(new SdpNegotiator(new LocalAudio(IPAddress.Loopback, 9, LocalAudio.G711), static _ => { }));
        _call.TrySetResult(call);
    }

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
}
