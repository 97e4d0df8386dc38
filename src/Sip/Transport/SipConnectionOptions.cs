namespace VoiceGateway.Sip;

/// <summary>Limits of connection-oriented transports.</summary>
public sealed record SipConnectionOptions
{
    /// <summary>Connections a listener keeps; further ones are closed at once.</summary>
    public int MaxConnections { get; init; } = 2000;

    /// <summary>A connection that no call uses is closed after this long without a byte. Kamailio's default is 120 s, and peers ping more often.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A message that was begun must be whole within this time.</summary>
    public TimeSpan StalledMessageLimit { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that may wait for a peer that does not read, before the connection is closed.</summary>
    public int MaxQueuedBytes { get; init; } = 1024 * 1024;
}
