using System.Net;

namespace VoiceGateway.Sip.Benchmarks;

/// <summary>A connection whose other end is the benchmark: it takes what is sent and counts it. A stream, so that no transaction lingers (timers I and J are zero).</summary>
internal sealed class SilentFlow : SipFlow
{
    public int Sent { get; private set; }

    public override SipTransportKind Kind => SipTransportKind.Tcp;

    public override IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Parse("198.51.100.17"), 5060);

    public override IPEndPoint LocalEndPoint { get; } = new(IPAddress.Parse("192.0.2.1"), 5060);

    public override bool IsOpen => true;

    public override bool Send(ReadOnlySpan<byte> message)
    {
        Sent++;
        return true;
    }
}
