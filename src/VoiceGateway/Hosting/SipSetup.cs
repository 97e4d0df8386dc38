using VoiceGateway.Abstractions;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Hosting;

/// <summary>From section <c>Sip</c> to what the SIP room is told.</summary>
internal static class SipSetup
{
    public static SipEndpointOptions EndpointOptions(SipOptions sip, ISipGatekeeper gate, FaultLog faults, OffenceLog offences) => new()
    {
        Listen = sip.Endpoints,
        AdvertisedAddress = sip.AdvertisedAddress is { Length: > 0 } address ? address : null,
        LocalNetworks = sip.OwnNetworks,
        Gatekeeper = gate,
        Guard = Guard(sip.Limits),
        Connections = new SipConnectionOptions { MaxConnections = sip.Limits.Connections, MaxConnectionsPerSource = sip.Limits.ConnectionsPerSource },
        Tls = Tls(sip.Tls, faults),
        Resolution = new SipResolutionOptions { NameServers = sip.DnsServers },
        SessionTimers = sip.SessionExpiresSeconds == 0
            ? null
            : new SipSessionTimerOptions { Expires = TimeSpan.FromSeconds(Math.Max(sip.SessionExpiresSeconds, sip.SessionMinSeconds)), MinSE = TimeSpan.FromSeconds(sip.SessionMinSeconds) },
        ReliableProvisionals = sip.ReliableProvisionals,
        OnOffence = offences.Report,
        OnFault = faults.SignallingFailed,
    };

    /// <exception cref="ConfigurationException">A file with a password cannot be read.</exception>
    public static TrunkTable Trunks(SipOptions sip) => new(sip.Trunks.Select(static t => Trunk(t.Key, t.Value ?? new())));

    private static Trunk Trunk(string name, TrunkOptions trunk) => new(
        name,
        trunk,
        Credentials(name, trunk.CallerUser, trunk.CallerPassword, trunk.CallerPasswordFile, nameof(TrunkOptions.CallerPasswordFile)),
        Credentials(name, trunk.User, trunk.Password, trunk.PasswordFile, nameof(TrunkOptions.PasswordFile)));

    private static SipCredentials? Credentials(string trunk, string user, string password, string file, string fileKey)
    {
        if (user.Length == 0 || (password.Length == 0 && file.Length == 0)) return null;
        return new SipCredentials(user, file.Length == 0 ? password : SecretFile.ReadOnce(file, $"{SipOptions.Section}:{nameof(SipOptions.Trunks)}:{trunk}:{fileKey}"));
    }

    private static SipGuardOptions Guard(SipLimitSection limits)
    {
        var guard = new SipGuardOptions();
        return guard with
        {
            Invites = Rate(limits.InvitesPerSecond),
            UnknownMessages = Rate(limits.StrangersMessagesPerSecond),
            Known = guard.Known with { Messages = Rate(limits.TrunkMessagesPerSecond), Invites = Rate(limits.TrunkInvitesPerSecond) },
            Unknown = guard.Unknown with { Messages = Rate(limits.StrangerMessagesPerSecond), Calls = limits.StrangerCalls },
        };
    }

    private static SipRate Rate(int perSecond) => new(perSecond, 3 * perSecond);

    private static SipTlsOptions Tls(SipTlsSection tls, FaultLog faults) => new()
    {
        CertificateFile = Given(tls.CertificateFile),
        KeyFile = Given(tls.KeyFile),
        KeyPassword = Given(tls.KeyPassword),
        ClientCertificates = tls.ClientCertificates,
        ClientTrustFile = Given(tls.ClientTrustFile),
        ServerTrustFile = Given(tls.ServerTrustFile),
        AllowWildcards = tls.AllowWildcards,
        OnCertificate = faults.CertificateRead,
        OnHandshakeFailed = faults.HandshakeFailed,
    };

    private static string? Given(string text) => text.Length > 0 ? text : null;
}
