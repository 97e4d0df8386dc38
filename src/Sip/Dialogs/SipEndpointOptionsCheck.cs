namespace VoiceGateway.Sip;

internal static class SipEndpointOptionsCheck
{
    public static void Check(SipEndpointOptions options)
    {
        Require(options.Timers.T1 > TimeSpan.Zero && options.Timers.T2 >= options.Timers.T1 && options.Timers.T4 >= TimeSpan.Zero,
            nameof(options.Timers), "T1 must be positive and T2 no less than T1");
        Require(options.MaxCalls > 0, nameof(options.MaxCalls), "must be positive");
        Require(options.MaxTransactions > 0, nameof(options.MaxTransactions), "must be positive");
        Require(options.Connections is { MaxConnections: > 0, MaxConnectionsPerSource: > 0, MaxHandshakes: > 0, MaxQueuedBytes: > 0, MaxPartialBytes: > 0 },
            nameof(options.Connections), "MaxConnections, MaxConnectionsPerSource, MaxHandshakes, MaxQueuedBytes and MaxPartialBytes must be positive");
        Require(options.Connections.KeepAliveInterval == TimeSpan.Zero || options.Connections.KeepAliveInterval >= TimeSpan.FromSeconds(1),
            nameof(options.Connections), "KeepAliveInterval must be zero or at least a second");
        Require(options.Connections.HandshakeLimit > TimeSpan.Zero && options.Connections.ConnectLimit > TimeSpan.Zero && options.Connections.PongLimit > TimeSpan.Zero,
            nameof(options.Connections), "HandshakeLimit, ConnectLimit and PongLimit must be positive");
        Require(options.Tls.ReloadInterval >= TimeSpan.FromSeconds(1), nameof(options.Tls), "ReloadInterval must be at least a second");
        Require(options.AdvertisedAddress is null || SipGrammar.IsHost(options.AdvertisedAddress),
            nameof(options.AdvertisedAddress), "must be a host name or an address, without a port");
        Require(SipHeaders.IsValid(SipHeaderNames.UserAgent, options.UserAgent), nameof(options.UserAgent), "must be one line of text");
        Require(options.SilentHopLimit is null || options.SilentHopLimit > TimeSpan.Zero, nameof(options.SilentHopLimit), "must be positive");
        Require(
            options.Guard is null or { Known.IsValid: true, Unknown.IsValid: true, Invites.IsValid: true, UnknownMessages.IsValid: true, Refusals.IsValid: true, MaxSources: > 0 },
            nameof(options.Guard), "must have positive rates, bursts and numbers");
        Require(
            options.SessionTimers is null || (options.SessionTimers.MinSE >= TimeSpan.FromSeconds(1) && options.SessionTimers.Expires >= options.SessionTimers.MinSE
                && options.SessionTimers.Expires <= TimeSpan.FromDays(24)),
            nameof(options.SessionTimers), "must have a MinSE of a second at least, and an Expires that is no less and not above 24 days");
        Require(Enum.IsDefined(options.ReliableProvisionals), nameof(options.ReliableProvisionals), "must be Off, Supported or Required");
        Require(options.RetryAfter >= TimeSpan.Zero, nameof(options.RetryAfter), "must not be negative");
        Require(options.Resolution.ServerLimit > TimeSpan.Zero && options.Resolution.LookUpLimit >= options.Resolution.ServerLimit,
            nameof(options.Resolution), "ServerLimit must be positive and LookUpLimit no less");
        Require(options.Resolution.NameServers.All(static server => server.Port != 0), nameof(options.Resolution), "NameServers must have ports");
    }

    private static void Require(bool isMet, string option, string rule)
    {
        if (!isMet)
            throw new ArgumentException($"{nameof(SipEndpointOptions)}.{option} {rule}.", nameof(option));
    }
}
