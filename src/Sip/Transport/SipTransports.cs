using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>All transports of an endpoint: bound in the order of the listen entries, started and disposed together.</summary>
internal sealed class SipTransports(SipEndpointOptions options, TaskTracker tasks) : IAsyncDisposable
{
    private readonly List<ISipTransport> _transports = [];
    private readonly RouteSource _routes = new(options.TimeProvider);
    private readonly CancellationTokenSource _stop = new();

    public IReadOnlyList<SipListen> Bound { get; private set; } = [];

    /// <summary>Opens every listen entry, or none: a failure closes those already open.</summary>
    public async Task StartAsync(ISipTransportSink sink)
    {
        try
        {
            foreach (var listen in options.Listen)
                _transports.Add(Bind(listen));
        }
        catch (SipBindException)
        {
            foreach (var transport in _transports)
                await transport.DisposeAsync().ConfigureAwait(false);
            _transports.Clear();
            throw;
        }

        Bound = [.. _transports.Select(transport => transport.Bound)];
        AddOutboundTcp(AddressFamily.InterNetwork, IPAddress.Any);
        AddOutboundTcp(AddressFamily.InterNetworkV6, IPAddress.IPv6Any);
        foreach (var transport in _transports)
            transport.Start(sink);
    }

    /// <summary>For tests: a transport that is no socket.</summary>
    public void Add(ISipTransport transport, ISipTransportSink sink)
    {
        _transports.Add(transport);
        Bound = [.. Bound, transport.Bound];
        transport.Start(sink);
    }

    /// <summary>Host and port as we write them into Via and Contact of what goes along this flow.</summary>
    public (string Host, int Port) SentBy(SipFlow flow)
    {
        var local = flow.LocalEndPoint;
        return (options.AdvertisedAddress ?? local.Address.ToString(), local.Port);
    }

    /// <summary>Whether there is a socket of this transport and address family.</summary>
    public bool CanReach(SipTransportKind kind, AddressFamily family) =>
        _transports.Exists(transport => transport.Bound.Kind == kind && transport.Family == family);

    /// <summary>A flow to the hop; null when it cannot be reached.</summary>
    public async ValueTask<SipFlow?> OpenFlowAsync(SipHop hop, CancellationToken cancellationToken)
    {
        var transport = Choose(hop);
        return transport is null ? null : await transport.OpenFlowAsync(hop.EndPoint, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends on a connection yet to be opened; what cannot be sent is counted and lost, as on any network.</summary>
    public void SendLater(SipHop hop, byte[] message) => tasks.Run(async () =>
    {
        try
        {
            if (await OpenFlowAsync(hop, _stop.Token).ConfigureAwait(false) is { } flow)
                flow.Send(message);
        }
        catch (OperationCanceledException)
        {
            // Disposed meanwhile.
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (var transport in _transports)
            await transport.DisposeAsync().ConfigureAwait(false);
        _transports.Clear();
        Bound = [];
        _stop.Dispose();
    }

    private ISipTransport Bind(SipListen listen) => listen.Kind switch
    {
        SipTransportKind.Udp => new UdpTransport(listen, _routes, options.TimeProvider),
        SipTransportKind.Tcp => new TcpTransport(listen, options.TimeProvider, options.Connections),
        _ => throw new SipBindException(listen, "TLS is not supported yet; use udp or tcp"),
    };

    /// <summary>Without a TCP listen entry calls can still go out over TCP: the peer answers on our connection.</summary>
    private void AddOutboundTcp(AddressFamily family, IPAddress any)
    {
        if (CanReach(SipTransportKind.Tcp, family))
            return;
        _transports.Add(new TcpTransport(new SipListen(SipTransportKind.Tcp, new IPEndPoint(any, 0)), options.TimeProvider, options.Connections, outboundOnly: true));
    }

    /// <summary>
    /// A socket of the hop's transport and family that can reach it: loopback only speaks with loopback; among several, the one
    /// bound to the address that the kernel would use, then a wildcard one, then the first.
    /// </summary>
    private ISipTransport? Choose(SipHop hop)
    {
        var fitting = _transports.FindAll(transport => transport.Bound.Kind == hop.Kind && transport.Family == hop.EndPoint.AddressFamily);
        if (fitting.Count < 2)
            return fitting.FirstOrDefault();
        var source = _routes.Find(hop.EndPoint.Address);
        return fitting.Find(transport => transport.Bound.EndPoint.Address.Equals(source))
            ?? fitting.Find(transport => transport.Bound.EndPoint.Address.Equals(IPAddress.Any) || transport.Bound.EndPoint.Address.Equals(IPAddress.IPv6Any))
            ?? fitting[0];
    }
}
