namespace VoiceGateway.Sip;

/// <summary>Options of a <see cref="SipEndpoint"/>; checked by its constructor.</summary>
public sealed record SipEndpointOptions
{
    /// <summary>Where to listen. An outgoing call needs an entry of its address family for UDP; TCP and TLS go without.</summary>
    public IReadOnlyList<SipListen> Listen { get; init; } = [];

    /// <summary>Host or address in Via and Contact, behind NAT; null: the interface's. An address is for peers of its family only.
    /// The port is the listen entry's, which may have an address and a port of its own to advertise.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>Networks on our side of the NAT: their peers get the interface's own address and port, not what is advertised.</summary>
    public IReadOnlyList<System.Net.IPNetwork> LocalNetworks { get; init; } = [];

    /// <summary>User-Agent of requests and Server of responses.</summary>
    public string UserAgent { get; init; } = "VoiceGateway";

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public SipTimerOptions Timers { get; init; } = new();

    public SipLimits Limits { get; init; } = SipLimits.Default;

    public SipConnectionOptions Connections { get; init; } = new();

    /// <summary>Certificates and trust of <c>tls:</c> listen entries and of outgoing connections.</summary>
    public SipTlsOptions Tls { get; init; } = new();

    /// <summary>How host names are looked up.</summary>
    public SipResolutionOptions Resolution { get; init; } = new();

    /// <summary>
    /// How long a place may say nothing at all to a request while another one is left to try. Null: 64*T1, as RFC 3263 section 4.3 has
    /// it, which is longer than a caller listens to silence.
    /// </summary>
    public TimeSpan? SilentHopLimit { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Session timers (RFC 4028); null: none, and a peer that requires them gets 420.</summary>
    public SipSessionTimerOptions? SessionTimers { get; init; } = new();

    /// <summary>Provisional responses that are acknowledged (RFC 3262), in both directions.</summary>
    public SipReliableProvisionals ReliableProvisionals { get; init; } = SipReliableProvisionals.Supported;

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

    /// <summary>Who may speak with us; null: everybody.</summary>
    public ISipGatekeeper? Gatekeeper { get; init; }

    /// <summary>Limits that hold before a message is read; null: none.</summary>
    public SipGuardOptions? Guard { get; init; } = new();

    /// <summary>
    /// Told of what a source did that it may be banned for: at once, on the receiving thread, and no more than a few times a minute for one
    /// source and ten times a second in all.
    /// </summary>
    public Action<SipOffence>? OnOffence { get; init; }

    /// <summary>Told of every exception in our own code (<see cref="SipCounter.Faults"/>), so that somebody logs it.</summary>
    public Action<Exception>? OnFault { get; init; }
}
