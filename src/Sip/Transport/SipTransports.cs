using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>All transports of an endpoint: bound in the order of the listen entries, started and disposed together.</summary>
internal sealed class SipTransports(SipEndpointOptions options, TaskTracker tasks) : IAsyncDisposable
{
    /// <summary>RFC 3261 section 18.1.1: what is larger goes by TCP, where the path's MTU is not known.</summary>
    private const int MostUdpBytes = 1300;

    // A peer without TCP often does not even refuse it, and somebody waits for their call.
    private static readonly TimeSpan LargeConnectLimit = TimeSpan.FromSeconds(2);

    private volatile ISipTransport[] _transports = []; // replaced, never changed: others look through it while we stop
    private readonly RouteSource _routes = new(options.TimeProvider);
    private readonly ConnectionContext _connections = new(options.TimeProvider, options.Connections);
    private readonly TlsCredentials _tls = new(options.Tls, options.TimeProvider);
    private readonly UdpOnlyPeers _udpOnly = new(options.TimeProvider);
    private readonly CancellationTokenSource _stop = new();
    private ISipTransportSink? _sink;

    public IReadOnlyList<SipListen> Bound { get; private set; } = [];

    public AdvertisedAddresses Advertised { get; } = new(options);

    /// <summary>Our TLS certificate; null: none is configured.</summary>
    public SipCertificateState? Certificate => _tls.State;

    /// <summary>Opens every listen entry, or none: a failure closes those already open.</summary>
    public async Task StartAsync(ISipTransportSink sink)
    {
        LoadCertificates();
        List<ISipTransport> bound = [];
        try
        {
            foreach (var listen in options.Listen)
                bound.Add(Bind(listen));
        }
        catch (SipBindException)
        {
            foreach (var transport in bound)
                await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        Bound = [.. bound.Select(transport => transport.Bound)];
        _sink = sink;
        AddOutbound(bound, AddressFamily.InterNetwork, IPAddress.Any);
        if (Socket.OSSupportsIPv6)
            AddOutbound(bound, AddressFamily.InterNetworkV6, IPAddress.IPv6Any);
        _transports = [.. bound];
        _tls.Start(sink);
        foreach (var transport in _transports)
            transport.Start(sink);
    }

    /// <summary>For tests: a transport that is no socket.</summary>
    public void Add(ISipTransport transport, ISipTransportSink sink)
    {
        _transports = [.. _transports, transport];
        _sink = sink;
        Bound = [.. Bound, transport.Bound];
        transport.Start(sink);
    }

    /// <summary>Host and port as we write them into Via and Contact of what goes along this flow.</summary>
    public (string Host, int Port) SentBy(SipFlow flow) => Advertised.SentBy(flow);

    /// <summary>Whether there is a socket of this transport and address family, or one can be opened.</summary>
    public bool CanReach(SipTransportKind kind, AddressFamily family) =>
        Array.Exists(_transports, transport => transport.Bound.Kind == kind && transport.Family == family);

    /// <summary>A flow to the hop: at once for UDP or an open connection, after connecting otherwise. Null when it cannot be reached.</summary>
    public ValueTask<SipFlow?> OpenFlowAsync(SipHop hop, CancellationToken cancellationToken)
    {
        if (Choose(hop) is not { } transport)
            return new ValueTask<SipFlow?>((SipFlow?)null);
        hop = hop with { EndPoint = LinkLocalScope.Complete(hop.EndPoint, transport.Bound.EndPoint.Address) };
        return FindOpen(hop) is { } open ? new ValueTask<SipFlow?>(open) : transport.OpenFlowAsync(hop, cancellationToken);
    }

    /// <summary>
    /// The same for a request of that size: one that might not fit into a packet goes by TCP where UDP was chosen, and by UDP after all where the peer
    /// cannot be reached so (RFC 3261 section 18.1.1). Via and Contact are written for the flow that comes back.
    /// </summary>
    public async ValueTask<SipFlow?> OpenFlowAsync(SipHop hop, int requestBytes, CancellationToken cancellationToken)
    {
        if (hop.Kind == SipTransportKind.Udp && requestBytes > MostUdpBytes && options.Connections.LargeRequestsByTcp
            && !_udpOnly.Contains(hop.EndPoint) && CanReach(SipTransportKind.Tcp, hop.EndPoint.AddressFamily))
        {
            if (await TryTcpAsync(hop with { Kind = SipTransportKind.Tcp }, cancellationToken).ConfigureAwait(false) is { } flow)
                return flow;
            _udpOnly.Add(hop.EndPoint);
        }

        return await OpenFlowAsync(hop, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>For a request that is made already: the flow itself, or one by TCP to the same place.</summary>
    public async ValueTask<SipFlow> WidenAsync(SipFlow flow, int requestBytes, CancellationToken cancellationToken)
    {
        if (flow.IsReliable || requestBytes <= MostUdpBytes)
            return flow;
        return await OpenFlowAsync(new SipHop(flow.Kind, flow.RemoteEndPoint), requestBytes, cancellationToken).ConfigureAwait(false) is { IsReliable: true } wider ? wider : flow;
    }

    /// <summary>A connection to this peer was no use: for a while large requests go to it by UDP.</summary>
    public void StayWithUdp(SipFlow flow) => _udpOnly.Add(flow.RemoteEndPoint);

    /// <summary>
    /// What a received request says of the connection that brought it: with <c>alias</c> in its Via, and a certificate that we trust, requests
    /// for the peer's listening port may go back on it (RFC 5923 section 8). Over TCP nothing proves that the port is the peer's.
    /// </summary>
    public void Learn(SipRequest request, SipFlow flow)
    {
        if (flow is not TcpFlow { Kind: SipTransportKind.Tls, IsAccepted: true, PeerCertificate: not null, Alias: null } connection
            || request.TopVia is not { } via || !via.Parameters.Contains("alias"))
        {
            return;
        }

        var alias = new IPEndPoint(flow.RemoteEndPoint.Address, via.Port ?? SipTransportKind.Tls.DefaultPort());
        connection.GrantAlias(alias);
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
        _transports = [];
        await _tls.DisposeAsync().ConfigureAwait(false);
        Bound = [];
        _stop.Dispose();
    }

    /// <summary>What is wrong with a file is said of the entry that needs it, before any port is open.</summary>
    private void LoadCertificates()
    {
        var entry = options.Listen.FirstOrDefault(listen => listen.Kind == SipTransportKind.Tls);
        try
        {
            _tls.Load();
            if (entry is not null && _tls.Own is null)
                throw new SipTlsFileException(nameof(SipTlsOptions.CertificateFile), "is not set, and TLS needs a certificate");
        }
        catch (SipTlsFileException e) when (entry is not null)
        {
            throw new SipBindException(entry, e);
        }
    }

    private ISipTransport Bind(SipListen listen) => listen.Kind switch
    {
        SipTransportKind.Udp => new UdpTransport(listen, _routes, options.TimeProvider),
        SipTransportKind.Tcp => new TcpTransport(listen, _connections),
        _ => new TlsTransport(listen, _connections, _tls),
    };

    /// <summary>Without a listen entry calls can still go out over TCP and TLS: the peer answers on our connection.</summary>
    private void AddOutbound(List<ISipTransport> bound, AddressFamily family, IPAddress any)
    {
        if (!bound.Exists(transport => transport.Bound.Kind == SipTransportKind.Tcp && transport.Family == family))
            bound.Add(new TcpTransport(new SipListen(SipTransportKind.Tcp, new IPEndPoint(any, 0)), _connections, outboundOnly: true));
        if (!bound.Exists(transport => transport.Bound.Kind == SipTransportKind.Tls && transport.Family == family))
            bound.Add(new TlsTransport(new SipListen(SipTransportKind.Tls, new IPEndPoint(any, 0)), _connections, _tls, outboundOnly: true));
    }

    /// <summary>Whichever transport holds the connection, ours or the one that a peer came in by.</summary>
    private SipFlow? FindOpen(SipHop hop)
    {
        if (hop.Kind == SipTransportKind.Udp)
            return null;
        foreach (var transport in _transports)
        {
            if (transport is TcpTransport tcp && tcp.Bound.Kind == hop.Kind && tcp.Family == hop.EndPoint.AddressFamily && tcp.FindOpen(hop) is { } open)
                return open;
        }

        return null;
    }

    private async ValueTask<SipFlow?> TryTcpAsync(SipHop hop, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LargeConnectLimit, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var flow = await OpenFlowAsync(hop, either.Token).ConfigureAwait(false);
            if (flow is not null)
                _sink?.Counters.Increment(SipCounter.LargeRequestsByTcp);
            return flow;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// A socket of the hop's transport and family that can reach it: loopback only speaks with loopback; among several, the one
    /// bound to the address that the kernel would use, then a wildcard one, then the first.
    /// </summary>
    private ISipTransport? Choose(SipHop hop)
    {
        var fitting = Array.FindAll(_transports, transport => transport.Bound.Kind == hop.Kind && transport.Family == hop.EndPoint.AddressFamily);
        if (fitting.Length < 2)
            return fitting.FirstOrDefault();
        var source = _routes.Find(hop.EndPoint.Address);
        return Array.Find(fitting, transport => transport.Bound.EndPoint.Address.Equals(source))
            ?? Array.Find(fitting, transport => transport.Bound.EndPoint.Address.Equals(IPAddress.Any) || transport.Bound.EndPoint.Address.Equals(IPAddress.IPv6Any))
            ?? fitting[0];
    }
}
