using VoiceGateway.Abstractions;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Hosting;

/// <summary>From section <c>Sip</c> to what the SIP room is told.</summary>
internal static class SipSetup
{
    // A call that is handed on has two dialogs for a while, and who is turned away has one until the refusal has been heard.
    private const int LeastDialogs = 10_000;
    private const int DialogsTurnedAway = 1_000;

    public static SipEndpointOptions EndpointOptions(SipOptions sip, int mostCalls, ISipGatekeeper gate, FaultLog faults, OffenceLog offences) => new()
    {
        Listen = sip.Endpoints,
        AdvertisedAddress = sip.AdvertisedAddress is { Length: > 0 } address ? address : null,
        LocalNetworks = sip.OwnNetworks,
        Gatekeeper = gate,
        Guard = Guard(sip.Limits),
        MaxCalls = MostDialogs(mostCalls),
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

    /// <param name="mostCalls"><c>Calls:MaxConcurrent</c>, which is what callers are to meet: not a limit of the stack's.</param>
    public static int MostDialogs(int mostCalls) => Math.Max(LeastDialogs, 2 * mostCalls + DialogsTurnedAway);

    /// <exception cref="ConfigurationException">A file with a password cannot be read.</exception>
    public static TrunkTable Trunks(SipOptions sip, TimeProvider? time = null) => new(sip.Trunks.Select(t => Trunk(t.Key, t.Value ?? new(), time ?? TimeProvider.System)));

    private static Trunk Trunk(string name, TrunkOptions trunk, TimeProvider time) => new(
        name,
        trunk,
        Credentials(name, trunk.CallerUser, trunk.CallerPassword, trunk.CallerPasswordFile, nameof(TrunkOptions.CallerPasswordFile)),
        Credentials(name, trunk.User, trunk.Password, trunk.PasswordFile, nameof(TrunkOptions.PasswordFile)) is { } own
            ? own with { Realm = trunk.AuthRealm is { Length: > 0 } realm ? realm : null }
            : null,
        time);

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
