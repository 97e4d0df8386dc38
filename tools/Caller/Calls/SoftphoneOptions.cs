using System.Net;

namespace VoiceGateway.Caller;

public sealed record SoftphoneOptions
{
    /// <summary>The interface that SIP and RTP use, and the address that the far end is told.</summary>
    public IPAddress LocalAddress { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port.</summary>
    public int SipPort { get; init; }

    public int FirstRtpPort { get; init; } = 40000;

    public int LastRtpPort { get; init; } = 49999;

    public string UserAgent { get; init; } = "VoiceGateway-Caller";

    /// <summary>How often sockets are read: 1, 2, 4, 5, 10 or 20 ms. What is measured of the RTP is as fine as this; finer costs more of the processor.</summary>
    public TimeSpan ClockTick { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>For time-outs. What is measured is measured by <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
