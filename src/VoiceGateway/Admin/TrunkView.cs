using VoiceGateway.Calls;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Admin;

/// <summary>One trunk as <c>/api/trunks</c> shows it. No secret is in it, and no user.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Addresses">Where its calls come from.</param>
/// <param name="AsksPassword">Whether its calls must answer a challenge.</param>
/// <param name="Server">Where calls go.</param>
/// <param name="Calls">Calls that run.</param>
/// <param name="MaxCalls">At most; null: no limit of its own.</param>
/// <param name="Registration">Null: it is not registered with.</param>
/// <param name="Probe">Null: it is not probed.</param>
internal sealed record TrunkView(
    string Name, IReadOnlyList<string> Addresses, bool AsksPassword, string? Server, int Calls, int? MaxCalls, TrunkView.RegistrationView? Registration, TrunkView.ProbeView? Probe)
{
    /// <param name="State">registering, registered, retrying, failed or unregistered.</param>
    /// <param name="StatusCode">Of the registrar's last answer.</param>
    /// <param name="Reason">In words.</param>
    /// <param name="Peer">Who answered.</param>
    /// <param name="ExpiresAt">When the binding ends unless it is refreshed.</param>
    /// <param name="NextAttemptAt">When the next REGISTER is due.</param>
    /// <param name="Failures">In a row.</param>
    public sealed record RegistrationView(
        string State, int? StatusCode, string? Reason, string? Peer, DateTimeOffset? ExpiresAt, DateTimeOffset? NextAttemptAt, int Failures);

    /// <param name="Up">Null: not asked yet.</param>
    /// <param name="StatusCode">Of the last answer.</param>
    /// <param name="RoundTripMs">Of the last answer.</param>
    /// <param name="AskedAt">When that was.</param>
    public sealed record ProbeView(bool? Up, int? StatusCode, double? RoundTripMs, DateTimeOffset? AskedAt);

    public static TrunkView From(Trunk trunk, TrunkLinks links) => new(
        trunk.Name,
        [.. trunk.Options.Addresses.Where(static a => !string.IsNullOrEmpty(a))],
        trunk.Caller is not null,
        trunk.Server?.ToString(),
        trunk.Calls,
        trunk.Options.MaxCalls == 0 ? null : trunk.Options.MaxCalls,
        links.RegistrationOf(trunk) is { } registration ? From(registration) : null,
        links.ReachabilityOf(trunk) is { } probe ? new(probe.IsUp, probe.StatusCode, probe.RoundTrip is { } trip ? Math.Round(trip.TotalMilliseconds, 1) : null, probe.AskedAt) : null);

    private static RegistrationView From(SipRegistrationStatus status) => new(
        SnakeCase.Of(status.State), status.StatusCode, status.Reason, status.Peer is { } peer ? $"{status.Transport?.UriName()}:{peer}" : null, status.ExpiresAt, status.NextAttemptAt, status.Failures);
}
