using System.Net;

namespace VoiceGateway.Sip;

/// <summary>How host names become places to send to (RFC 3263).</summary>
public sealed record SipResolutionOptions
{
    /// <summary>
    /// Name servers to ask, also for addresses; empty: those of /etc/resolv.conf for SRV and NAPTR, and the platform for addresses.
    /// </summary>
    public IReadOnlyList<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>False: no SRV and no NAPTR, addresses only.</summary>
    public bool UseServiceRecords { get; init; } = true;

    /// <summary>How long one server may take to answer before the next one is asked.</summary>
    public TimeSpan ServerLimit { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long one question may take with all servers.</summary>
    public TimeSpan LookUpLimit { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Addresses of hosts that nobody is to be asked for, as in a hosts file. Names in lower case.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> Hosts { get; init; } = new Dictionary<string, IReadOnlyList<IPAddress>>();

    /// <summary>Where the system's name servers are written.</summary>
    internal string ResolvConf { get; init; } = "/etc/resolv.conf";
}
