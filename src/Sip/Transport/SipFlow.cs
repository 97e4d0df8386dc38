using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// One path to one peer through one of our sockets: where a message came from, and the way back
/// (the "flow" of RFC 5626 section 2). For UDP a pair of addresses, for TCP a connection.
/// </summary>
internal abstract class SipFlow
{
    private int _uses;

    public abstract SipTransportKind Kind { get; }

    public bool IsReliable => Kind != SipTransportKind.Udp;

    public abstract IPEndPoint RemoteEndPoint { get; }

    /// <summary>Our address as the peer can reach it: the interface's, with the port we listen on.</summary>
    public abstract IPEndPoint LocalEndPoint { get; }

    public abstract bool IsOpen { get; }

    /// <summary>Calls that count on this flow; an idle limit spares a flow in use.</summary>
    public int Uses => Volatile.Read(ref _uses);

    /// <summary>Hands one whole message to the network on this thread. Never throws, never waits; false when it cannot leave.</summary>
    public abstract bool Send(ReadOnlySpan<byte> message);

    /// <summary>The same socket towards another address; a connection has only one.</summary>
    public virtual SipFlow Towards(IPEndPoint remote) => this;

    public void AddUse() => Interlocked.Increment(ref _uses);

    public void ReleaseUse() => Interlocked.Decrement(ref _uses);

    public override string ToString() => $"{Kind.UriName()}:{RemoteEndPoint}";
}
