namespace VoiceGateway.Sip;

/// <summary>Limits and keep-alive of flows; what says "connection" is for TCP and TLS.</summary>
public sealed record SipConnectionOptions
{
    /// <summary>
    /// Connections accepted at one time, by all listeners together; further ones are closed at once. Sources that the gatekeeper does not know get no
    /// more than half of them, so that peers always find a place.
    /// </summary>
    public int MaxConnections { get; init; } = 2000;

    /// <summary>Of these, from one address (IPv6: from one /64, which is what one host may have for itself). Telephones behind one NAT share an address.</summary>
    public int MaxConnectionsPerSource { get; init; } = 256;

    /// <summary>TLS handshakes under way at one time; a quarter of them from one source, and half from strangers.</summary>
    public int MaxHandshakes { get; init; } = 128;

    /// <summary>A TLS handshake must be done within this time, in either direction.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An accepted connection must bring a whole message, or a ping, within this time; a stranger's must bring credentials.</summary>
    public TimeSpan FirstMessageLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A connection that no call uses is closed after this long without a message or a ping of the peer's. Kamailio's default is 120 s,
    /// and peers ping more often.
    /// </summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A message that was begun must be whole within this time.</summary>
    public TimeSpan StalledMessageLimit { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that may wait for a peer that does not read, before the connection is closed.</summary>
    public int MaxQueuedBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of unfinished messages that all connections together may hold, strangers a quarter of it; a connection that needs more is closed.</summary>
    public int MaxPartialBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// Silence after which we ping (CRLF CRLF, RFC 5626 section 4.4.1) on connections that we opened or that calls use; zero: never.
    /// Each wait is 80 to 100 % of it, as that section wants.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>A peer that has answered pings before and owes an answer for this long is gone: the connection is closed (RFC 5626 section 4.4.1: 10 s).</summary>
    public TimeSpan PongLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests over 1300 bytes go by TCP where UDP was chosen, and by UDP after all where the peer has no TCP (RFC 3261 section 18.1.1).
    /// </summary>
    public bool LargeRequestsByTcp { get; init; } = true;
}
