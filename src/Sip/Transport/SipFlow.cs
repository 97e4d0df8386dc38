using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>
/// One path to one peer through one of our sockets: where a message came from, and the way back
/// (the "flow" of RFC 5626 section 2). For UDP a pair of addresses, for TCP a connection.
/// </summary>
internal abstract class SipFlow
{
    /// <summary>RFC 5626 section 4.4.1.</summary>
    protected static ReadOnlySpan<byte> Ping => "\r\n\r\n"u8;

    private int _uses;

    public abstract SipTransportKind Kind { get; }

    public bool IsReliable => Kind != SipTransportKind.Udp;

    public abstract IPEndPoint RemoteEndPoint { get; }

    /// <summary>Our address as the peer can reach it: the interface's, with the port we listen on.</summary>
    public abstract IPEndPoint LocalEndPoint { get; }

    /// <summary>The listen entry that the flow belongs to; null where nothing listens.</summary>
    public virtual SipListen? Listen => null;

    public abstract bool IsOpen { get; }

    /// <summary>Cancelled when a connection has ended, by whoever; never for UDP. Callbacks run on the thread that ends it.</summary>
    public virtual CancellationToken Closed => CancellationToken.None;

    /// <summary>The peer's certificate, once it has been found valid; null when there is none or it is not trusted.</summary>
    public virtual X509Certificate2? PeerCertificate => null;

    /// <summary>Whether our requests offer the peer to send its own on this connection: <c>alias</c> in Via (RFC 5923 section 5).</summary>
    public virtual bool OffersReuse => false;

    /// <summary>Calls and others that count on this flow; an idle limit spares a flow in use.</summary>
    public int Uses => Volatile.Read(ref _uses);

    /// <summary>Hands one whole message to the network on this thread. Never throws, never waits; false when it cannot leave.</summary>
    public abstract bool Send(ReadOnlySpan<byte> message);

    /// <summary>The same socket towards another address; a connection has only one.</summary>
    public virtual SipFlow Towards(IPEndPoint remote) => this;

    /// <summary>The flow to hold on to. What a message comes by is good while it is looked at: for most of a flood nothing is made that would last longer.</summary>
    public virtual SipFlow Kept() => this;

    /// <summary>The peer's address as bytes, for those who only compare it. The count of them.</summary>
    public virtual int CopyRemoteAddress(Span<byte> destination) => RemoteEndPoint.Address.TryWriteBytes(destination, out int length) ? length : 0;

    public void AddUse() => Interlocked.Increment(ref _uses);

    public void ReleaseUse() => Interlocked.Decrement(ref _uses);

    /// <summary>
    /// Keeps the way open for as long as the lease lives, as a registration needs it to be called back: CRLF CRLF whenever nothing was heard for
    /// 80 to 100 % of the interval (RFC 5626 section 4.4.1); over UDP, where it keeps a NAT's binding, always. See <see cref="Closed"/> for the end.
    /// </summary>
    /// <param name="interval">Zero: only the use counts.</param>
    /// <param name="expectsPong">The peer has said that it does RFC 5626: a ping without an answer ends the flow.</param>
    public virtual IDisposable KeepAlive(TimeSpan interval, bool expectsPong = false)
    {
        AddUse();
        return new FlowLease(interval, expectsPong, _ => ReleaseUse());
    }

    public override string ToString() => $"{Kind.UriName()}:{RemoteEndPoint}";
}
