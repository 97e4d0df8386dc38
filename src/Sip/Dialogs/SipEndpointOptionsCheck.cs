namespace VoiceGateway.Sip;

internal static class SipEndpointOptionsCheck
{
    public static void Check(SipEndpointOptions options)
    {
        Require(options.Timers.T1 > TimeSpan.Zero && options.Timers.T2 >= options.Timers.T1 && options.Timers.T4 >= TimeSpan.Zero,
            nameof(options.Timers), "T1 must be positive and T2 no less than T1");
        Require(options.MaxCalls > 0, nameof(options.MaxCalls), "must be positive");
        Require(options.MaxTransactions > 0, nameof(options.MaxTransactions), "must be positive");
        Require(options.Connections.MaxConnections > 0, nameof(options.Connections), "MaxConnections must be positive");
        Require(options.AdvertisedAddress is null || SipGrammar.IsHost(options.AdvertisedAddress),
            nameof(options.AdvertisedAddress), "must be a host name or an address, without a port");
        Require(SipHeaders.IsValid(SipHeaderNames.UserAgent, options.UserAgent), nameof(options.UserAgent), "must be one line of text");
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
