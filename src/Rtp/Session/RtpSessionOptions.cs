namespace VoiceGateway.Rtp;

public sealed record RtpSessionOptions
{
    /// <summary>Bound sockets. The session owns them: disposing it gives them back.</summary>
    public required RtpPorts Ports { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>RTP clock; 8000 for G.711 and for G.722 too (RFC 3551 4.5.2).</summary>
    public int ClockRateHz { get; init; } = 8000;

    /// <summary>Payload type of telephone-event in both directions until <see cref="RtpSession.SetTelephoneEvent(byte?, byte?)"/>; null: none.</summary>
    public int? TelephoneEventPayloadType { get; init; }

    /// <summary>
    /// How long packets wait behind a gap at most before the missing ones are given up. The wait itself follows the measured jitter,
    /// from 20 ms on.
    /// </summary>
    public TimeSpan MaxReorderWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many packets wait behind a gap at most: what the longest wait holds in packets of 10 ms, and half as many again.</summary>
    public int MaxReorderPackets { get; init; } = 30;

    /// <summary>
    /// Silence of the latched source after which another port of its host, or of the host in the SDP, may take its place without its
    /// SSRC. <see cref="Timeout.InfiniteTimeSpan"/>: never. Another host may not, however long the silence.
    /// </summary>
    public TimeSpan RelatchSilence { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after the first packet the address in the SDP, and then its host, wins over a source that is less known.</summary>
    public TimeSpan LatchTrial { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Send to where the peer's packets come from (RFC 4961). False for old equipment that receives at another port than it sends from.</summary>
    public bool Symmetric { get; init; } = true;

    /// <summary>Canonical name in RTCP; null: a random one for this session (RFC 7022 4.2).</summary>
    public string? Cname { get; init; }

    /// <summary>Send RTCP reports.</summary>
    public bool Rtcp { get; init; } = true;

    /// <summary>Datagrams read from one socket in one tick, so that a flood at one port does not hold up the others.</summary>
    public int MaxDatagramsPerTick { get; init; } = 32;

    /// <summary>Use the Socket class even where system calls of our own are possible.</summary>
    public bool PortableSockets { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Ports);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(ClockRateHz, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReorderPackets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxReorderPackets, ReorderBuffer.Capacity - 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDatagramsPerTick, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxReorderWait, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LatchTrial, TimeSpan.Zero);
        if (TelephoneEventPayloadType is < 0 or > 127)
            throw new ArgumentException("A payload type has 7 bits.", nameof(TelephoneEventPayloadType));
        if (Cname is { } cname && System.Text.Encoding.UTF8.GetByteCount(cname) is 0 or > 255)
            throw new ArgumentException("A CNAME has 1 to 255 bytes (RFC 3550 6.5).", nameof(Cname));
    }
}
