using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests.Transactions;

/// <summary>A flow that keeps what was sent and fails when told to.</summary>
internal sealed class RecordingFlow(SipTransportKind kind) : SipFlow
{
    public List<string> Sent { get; } = [];

    public bool IsBroken { get; set; }

    public override SipTransportKind Kind => kind;

    public override IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Parse("192.0.2.2"), 5060);

    public override IPEndPoint LocalEndPoint { get; } = new(IPAddress.Parse("192.0.2.1"), 5060);

    public override bool IsOpen => !IsBroken;

    public IEnumerable<string> Methods => Sent.Select(text => text.Split(' ')[0]);

    public override bool Send(ReadOnlySpan<byte> message)
    {
        if (IsBroken)
            return false;
        Sent.Add(Encoding.UTF8.GetString(message));
        return true;
    }
}
