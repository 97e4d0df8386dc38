namespace VoiceGateway.Sip;

/// <summary>Options of a <see cref="SipEndpoint"/>; checked by its constructor.</summary>
public sealed record SipEndpointOptions
{
    /// <summary>Where to listen. An outgoing call needs an entry of its transport and address family; TCP goes without.</summary>
    public IReadOnlyList<SipListen> Listen { get; init; } = [];

    /// <summary>Host or address in Via and Contact, behind NAT; null: the interface's. The port is the listen entry's.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>User-Agent of requests and Server of responses.</summary>
    public string UserAgent { get; init; } = "VoiceGateway";

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public SipTimerOptions Timers { get; init; } = new();

    public SipLimits Limits { get; init; } = SipLimits.Default;

    public SipConnectionOptions Connections { get; init; } = new();

    /// <summary>How host names are looked up.</summary>
    public SipResolutionOptions Resolution { get; init; } = new();

    /// <summary>Calls at one time, both directions; beyond it INVITE is answered 503.</summary>
    public int MaxCalls { get; init; } = 10_000;

    /// <summary>Transactions at one time; they linger 32 s after UDP. Beyond it requests are answered 503 without one.</summary>
    public int MaxTransactions { get; init; } = 100_000;

    /// <summary>Retry-After of 503 when full or draining.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether Max-Forwards: 0 is answered 483. RFC 4475 section 3.3.11 lets an endpoint take such a request; a gateway whose
    /// calls can come back to it does better to break the loop.
    /// </summary>
    public bool RejectZeroMaxForwards { get; init; } = true;

    /// <summary>Told of every exception in our own code (<see cref="SipCounter.Faults"/>), so that somebody logs it.</summary>
    public Action<Exception>? OnFault { get; init; }
}
