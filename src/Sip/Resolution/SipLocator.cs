using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// From a URI to the places where its requests may go, best first (RFC 3263 section 4):
/// <code>address -> itself; name and port -> A, AAAA; name -> NAPTR -> SRV -> A, AAAA</code>
/// </summary>
internal sealed class SipLocator : IAsyncDisposable
{
    /// <summary>Nobody waits for more of them than this.</summary>
    public const int MostHops = 16;

    private const int MostTargets = 8;

    /// <summary>The transports of a sip URI that names none, as we prefer them.</summary>
    private static readonly SipTransportKind[] AllKinds = [SipTransportKind.Udp, SipTransportKind.Tcp, SipTransportKind.Tls];

    private readonly SipResolutionOptions _options;
    private readonly Func<SipTransportKind, AddressFamily, bool> _canReach;
    private readonly Func<int, int> _random;
    private readonly DnsClient _dns;
    private readonly HostAddresses _addresses;

    /// <param name="options">Whom to ask.</param>
    /// <param name="time">For time-outs and the age of answers.</param>
    /// <param name="counters">Counts questions.</param>
    /// <param name="canReach">Whether there is a socket of this transport and address family.</param>
    /// <param name="lookUp">The platform's resolver, unless a test has another.</param>
    /// <param name="random">A number from 0 to below its argument, for RFC 2782's lots.</param>
    public SipLocator(
        SipResolutionOptions options, TimeProvider time, SipCounters counters, Func<SipTransportKind, AddressFamily, bool> canReach,
        Func<string, CancellationToken, Task<IPAddress[]>>? lookUp = null, Func<int, int>? random = null)
    {
        _options = options;
        _canReach = canReach;
        _random = random ?? Random.Shared.Next;
        _dns = new DnsClient(options, time, counters);
        _addresses = new HostAddresses(options, time, _dns, lookUp ?? Dns.GetHostAddressesAsync);
    }

    /// <summary>For a request. Completes at once for an address; empty when the URI leads nowhere that we can reach.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ValueTask<IReadOnlyList<SipHop>> LocateAsync(SipUri nextHop, CancellationToken cancellationToken)
    {
        SipTransportKind? wanted = null;
        if (nextHop.Transport is { } named)
        {
            if (!SipTransportKindNames.TryParse(named, out var kind))
                return Nowhere;
            wanted = kind;
        }

        if (!nextHop.IsSip || (nextHop.IsSecure && wanted == SipTransportKind.Udp))
            return Nowhere; // there is no sips over UDP (RFC 3261 section 26.2.2)
        bool isFree = wanted is null;
        if (nextHop.IsSecure)
            wanted = SipTransportKind.Tls; // transport=tcp is what TLS runs over
        return LocateAsync(new Target(nextHop.Parameters.Get("maddr") ?? nextHop.Host, nextHop.Port, wanted, isFree, DomainOf(nextHop.Host)), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _addresses.DisposeAsync().ConfigureAwait(false);
        await _dns.DisposeAsync().ConfigureAwait(false);
    }

    private static ValueTask<IReadOnlyList<SipHop>> Nowhere => new([]);

    /// <summary>What a certificate has to name: the domain as it was asked for, without the dot of the root, not what the records made of it (RFC 5922 section 4).</summary>
    private static string? DomainOf(string host) => SipGrammar.ParseAddress(host) is null ? host.TrimEnd('.') : null;

    private ValueTask<IReadOnlyList<SipHop>> LocateAsync(Target target, CancellationToken cancellationToken)
    {
        if (SipGrammar.ParseAddress(target.Host) is { } literal)
            return new ValueTask<IReadOnlyList<SipHop>>(HopsAt([literal], target, target.Port));
        target = target with { Host = DnsQuestion.Normalize(target.Host) };
        return new ValueTask<IReadOnlyList<SipHop>>(
            HasServices(target) ? LocateByServiceAsync(target, cancellationToken) : LocateByAddressAsync(target, cancellationToken));
    }

    private async Task<IReadOnlyList<SipHop>> LocateByAddressAsync(Target target, CancellationToken cancellationToken) =>
        HopsAt(await _addresses.FindAsync(target.Host, cancellationToken).ConfigureAwait(false), target, target.Port);

    /// <summary>
    /// NAPTR and SRV are asked for at the same time. What NAPTR says comes first (section 4.1); without it every transport that has
    /// SRV records will do; without those the host is asked for itself (section 4.2).
    /// </summary>
    private async Task<IReadOnlyList<SipHop>> LocateByServiceAsync(Target target, CancellationToken cancellationToken)
    {
        SipTransportKind[] kinds = [.. (target.Kind is { } only ? [only] : AllKinds).Where(CanReach)];
        if (kinds.Length == 0)
            return [];
        var naptr = target.HasRules ? _dns.AskAsync(target.Host, DnsType.Naptr, cancellationToken).AsTask() : null;
        var services = Array.ConvertAll(kinds, kind => _dns.AskAsync(ServiceOf(kind) + target.Host, DnsType.Srv, cancellationToken).AsTask());
        if (naptr is not null)
        {
            var hops = await FollowRulesAsync(await naptr.ConfigureAwait(false), kinds, target, cancellationToken).ConfigureAwait(false);
            if (hops.Count > 0)
                return hops;
        }

        List<SipHop> found = [];
        bool hasRecords = false;
        for (int i = 0; i < kinds.Length; i++)
        {
            var answer = await services[i].ConfigureAwait(false);
            hasRecords |= answer.Outcome == DnsOutcome.Found;
            found.AddRange(await HopsOfServiceAsync(answer, kinds[i], target, cancellationToken).ConfigureAwait(false));
        }

        return hasRecords ? Best(found) : await LocateByAddressAsync(target, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// By order, then preference; a further order counts only where the one before leads nowhere at all (RFC 3403 section 4.1):
    /// what fails later must not lead from TLS to something weaker.
    /// </summary>
    private async Task<IReadOnlyList<SipHop>> FollowRulesAsync(DnsAnswer answer, SipTransportKind[] kinds, Target target, CancellationToken cancellationToken)
    {
        var orders = answer.Records.OfType<DnsNaptrRecord>()
            .Select(record => (Record: record, Kind: KindOf(record)))
            .Where(rule => rule.Kind is { } kind && kinds.Contains(kind))
            .OrderBy(rule => rule.Record.Order).ThenBy(rule => rule.Record.Preference)
            .Take(MostTargets)
            .GroupBy(rule => rule.Record.Order);
        foreach (var order in orders)
        {
            List<SipHop> hops = [];
            foreach (var (record, kind) in order)
            {
                var service = await _dns.AskAsync(record.Replacement, DnsType.Srv, cancellationToken).ConfigureAwait(false);
                hops.AddRange(await HopsOfServiceAsync(service, kind!.Value, target, cancellationToken).ConfigureAwait(false));
            }

            if (hops.Count > 0)
                return Best(hops);
        }

        return [];
    }

    private async Task<List<SipHop>> HopsOfServiceAsync(DnsAnswer answer, SipTransportKind kind, Target target, CancellationToken cancellationToken)
    {
        var records = answer.Records.OfType<DnsServiceRecord>().Where(record => record is { Target.Length: > 0, Port: > 0 });
        var ordered = SrvOrder.Of(records, _random).Take(MostTargets)
            .Select(record => (record.Port, Addresses: _addresses.FindAsync(record.Target, cancellationToken).AsTask()))
            .ToList(); // all asked for before the first is awaited
        List<SipHop> hops = [];
        foreach (var (port, addresses) in ordered)
            hops.AddRange(HopsAt(await addresses.ConfigureAwait(false), target with { Kind = kind }, port));
        return hops;
    }

    /// <summary>The addresses that we have a socket for.</summary>
    private IReadOnlyList<SipHop> HopsAt(IReadOnlyList<IPAddress> addresses, Target target, int? port)
    {
        List<SipHop> hops = new(addresses.Count);
        foreach (var address in addresses)
        {
            if (KindTowards(address, target.Kind) is { } kind)
                hops.Add(new SipHop(kind, new IPEndPoint(address, port ?? kind.DefaultPort())) { HostName = target.Domain });
        }

        return Best(hops);
    }

    private static IReadOnlyList<SipHop> Best(List<SipHop> hops) => hops.Count < 2 ? hops : [.. hops.Distinct().Take(MostHops)];

    /// <summary>Where nothing names a transport it is UDP (section 4.1), or TCP, which every element has too, where we have no such socket.</summary>
    private SipTransportKind? KindTowards(IPAddress address, SipTransportKind? wanted)
    {
        var kind = wanted ?? (_canReach(SipTransportKind.Udp, address.AddressFamily) ? SipTransportKind.Udp : SipTransportKind.Tcp);
        return _canReach(kind, address.AddressFamily) ? kind : null;
    }

    private bool CanReach(SipTransportKind kind) => _canReach(kind, AddressFamily.InterNetwork) || _canReach(kind, AddressFamily.InterNetworkV6);

    /// <summary>Whether it can have SRV records: a port is an answer already, and a name without a dot is of this network, unknown out there.</summary>
    private bool HasServices(Target target) =>
        _options.UseServiceRecords && target.Port is null && target.Host.Contains('.') && !_options.Hosts.ContainsKey(target.Host);

    /// <summary>Where SRV records of a transport are to be found (section 4.1).</summary>
    private static string ServiceOf(SipTransportKind kind) => kind switch
    {
        SipTransportKind.Udp => "_sip._udp.",
        SipTransportKind.Tcp => "_sip._tcp.",
        _ => "_sips._tcp.",
    };

    private static SipTransportKind? KindOf(DnsNaptrRecord record)
    {
        if (!record.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) || record.Regexp.Length > 0 || record.Replacement.Length == 0)
            return null;
        return record.Service.ToUpper(CultureInfo.InvariantCulture) switch
        {
            "SIP+D2U" => SipTransportKind.Udp,
            "SIP+D2T" => SipTransportKind.Tcp,
            "SIPS+D2T" => SipTransportKind.Tls,
            _ => null,
        };
    }

    /// <param name="Host">Name or address.</param>
    /// <param name="Port">As written.</param>
    /// <param name="Kind">The only transport that will do; null: the records or we choose.</param>
    /// <param name="HasRules">The URI names no transport, so that NAPTR may.</param>
    /// <param name="Domain">For the certificate.</param>
    private readonly record struct Target(string Host, int? Port, SipTransportKind? Kind, bool HasRules, string? Domain);
}
