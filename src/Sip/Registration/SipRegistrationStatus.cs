using System.Net;

namespace VoiceGateway.Sip;

/// <summary>Where a registration stands at one moment.</summary>
/// <param name="State">Which of the five.</param>
public sealed record SipRegistrationStatus(SipRegistrationState State)
{
    /// <summary>Of the last final response; null when none came.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Its phrase, or why there was none.</summary>
    public string? Reason { get; init; }

    /// <summary>When the binding ends unless it is refreshed; null: there is none. It may outlive the state Registered by a while.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the next REGISTER is due.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Attempts that failed since the last that did not.</summary>
    public int Failures { get; init; }

    /// <summary>Who answered last.</summary>
    public IPEndPoint? Peer { get; init; }

    public SipTransportKind? Transport { get; init; }

    /// <summary>What we are bound as: the Request-URI of the calls to come.</summary>
    public SipUri? Contact { get; init; }
}
