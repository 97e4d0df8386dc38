using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Signalling;

/// <summary><c>Sip:Limits</c>: what is refused before it is read. Bursts of three seconds' worth pass.</summary>
public sealed class SipLimitSection
{
    private const string Positive = "must be 1 or more";

    /// <summary>New calls a second, of all sources together.</summary>
    [Range(1, 1_000_000, ErrorMessage = Positive)]
    public int InvitesPerSecond { get; set; } = 2000;

    /// <summary>New calls a second from one address of a trunk.</summary>
    [Range(1, 1_000_000, ErrorMessage = Positive)]
    public int TrunkInvitesPerSecond { get; set; } = 1000;

    /// <summary>Messages a second from one address of a trunk, besides those of running calls.</summary>
    [Range(1, 1_000_000, ErrorMessage = Positive)]
    public int TrunkMessagesPerSecond { get; set; } = 10_000;

    /// <summary>Messages a second from one address that no trunk names: somebody may be about to show a password.</summary>
    [Range(1, 1_000_000, ErrorMessage = Positive)]
    public int StrangerMessagesPerSecond { get; set; } = 30;

    /// <summary>Calls at once from one address that no trunk names.</summary>
    [Range(1, 1_000_000, ErrorMessage = Positive)]
    public int StrangerCalls { get; set; } = 50;

    /// <summary>Messages a second from all strangers together.</summary>
    [Range(1, 1_000_000, ErrorMessage = Positive)]
    public int StrangersMessagesPerSecond { get; set; } = 1000;

    /// <summary>TCP and TLS connections at once.</summary>
    [Range(1, 1_000_000, ErrorMessage = Positive)]
    public int Connections { get; set; } = 2000;

    /// <summary>Of these from one address.</summary>
    [Range(1, 1_000_000, ErrorMessage = Positive)]
    public int ConnectionsPerSource { get; set; } = 256;
}
