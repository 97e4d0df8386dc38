using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// A and AAAA. They come from the platform, so that hosts files and whatever else it is set up with count; from our own name servers
/// only where some are given, for those may know names that the platform does not.
/// </summary>
internal sealed class HostAddresses : IAsyncDisposable
{
    /// <summary>Seconds. The platform does not say for how long an answer is good.</summary>
    private const uint PlatformTtl = 30;

    private readonly SipResolutionOptions _options;
    private readonly TimeProvider _time;
    private readonly DnsClient _dns;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _lookUp;
    private readonly DnsCache _platform;

    public HostAddresses(SipResolutionOptions options, TimeProvider time, DnsClient dns, Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
    {
        _options = options;
        _time = time;
        _dns = dns;
        _lookUp = lookUp;
        _platform = new DnsCache(time, AskPlatformAsync, mostUnderWay: 16);
    }

    /// <summary>In the order in which they are to be tried; empty when there are none. The name is normalized (<see cref="DnsQuestion.Normalize"/>).</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async ValueTask<IReadOnlyList<IPAddress>> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (_options.Hosts.TryGetValue(host, out var known))
            return known;
        if (SipGrammar.ParseAddress(host) is { } literal)
            return [literal]; // against RFC 2782, but SRV records with an address for their target are met
        if (!SipGrammar.IsHost(host) || IsNobody(host))
            return [];
        if (_dns.HasServersOfItsOwn && host.Contains('.'))
        {
            // Both at once. IPv4 first: what answers calls speaks it nearly everywhere, while an IPv6 address without a way to it costs a time-out.
            var four = _dns.AskAsync(host, DnsType.A, cancellationToken).AsTask();
            var six = await _dns.AskAsync(host, DnsType.Aaaa, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<IPAddress> found = [.. Of(await four.ConfigureAwait(false)), .. Of(six)];
            if (found.Count > 0)
                return found;
        }

        return [.. Of(await _platform.AskAsync(new DnsQuestion(host, DnsType.Addresses), cancellationToken).ConfigureAwait(false))];
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    /// <summary>RFC 6761 section 6.4: names that browsers' user agents put into Contact because they have no address.</summary>
    private static bool IsNobody(string host) => host.EndsWith(".invalid", StringComparison.Ordinal);

    private static IEnumerable<IPAddress> Of(DnsAnswer answer) => answer.Records.OfType<DnsAddressRecord>().Select(record => record.Address);

    private async Task<DnsAnswer> AskPlatformAsync(DnsQuestion question, CancellationToken stop)
    {
        try
        {
            // The platform does not let go of a question: we stop waiting for it.
            var addresses = await _lookUp(question.Name, stop).WaitAsync(_options.LookUpLimit, _time, stop).ConfigureAwait(false);
            return addresses.Length == 0
                ? DnsAnswer.Nothing(null)
                : DnsAnswer.Found([.. addresses.Select(address => new DnsAddressRecord(question.Name, DnsType.Addresses, PlatformTtl, address))], PlatformTtl);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return DnsAnswer.Nothing(null);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            return DnsAnswer.Failed;
        }
    }
}
