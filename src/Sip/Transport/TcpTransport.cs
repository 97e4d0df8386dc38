using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>
/// A TCP listener with the connections it accepted and those opened through it. A connection carries both directions
/// for as long as it lives (RFC 3261 section 18): responses, and requests within a dialog, go back on the one they came from.
/// </summary>
internal class TcpTransport : ISipTransport
{
    private const int Backlog = 512;
    private readonly Socket? _listener;
    private readonly ConnectionContext _context;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly ConnectionTable _connections = new();
    private readonly Dictionary<SipHop, Task<SipFlow?>> _opening = [];
    private ISipTransportSink? _sink;
    private TaskTracker? _adopting;
    private Task _accepting = Task.CompletedTask;
    private ITimer? _sweep;

    // With outboundOnly nothing listens: only kind and family of the entry are used.
    public TcpTransport(SipListen listen, ConnectionContext context, bool outboundOnly = false)
    {
        _context = context;
        _stopping = _stop.Token;
        Bound = listen;
        if (outboundOnly)
            return;

        _listener = new Socket(listen.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (Family == AddressFamily.InterNetworkV6)
                _listener.DualMode = false; // IPv4 has its own listen entry
            _listener.Bind(listen.EndPoint);
            _listener.Listen(Backlog);
            Bound = listen with { EndPoint = (IPEndPoint)_listener.LocalEndPoint! };
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new SipBindException(listen, e);
        }
    }

    public SipListen Bound { get; }

    public AddressFamily Family => Bound.EndPoint.AddressFamily;

    public int Connections => _connections.Count;

    public bool IsListening => _listener is not null;

    /// <summary>Whether a handshake comes before the first message.</summary>
    protected virtual bool HasHandshake => false;

    public void Start(ISipTransportSink sink)
    {
        _sink = sink;
        _adopting = new TaskTracker(sink.OnFault);
        if (IsListening)
            _accepting = Task.Run(() => AcceptAsync(sink));
        var period = SweepPeriod(_context.Options);
        _sweep = _context.Time.CreateTimer(_ => Sweep(), null, period, period);
    }

    /// <summary>An open connection that may carry a request for the hop.</summary>
    public SipFlow? FindOpen(SipHop hop) => _connections.Find(hop);

    public async ValueTask<SipFlow?> OpenFlowAsync(SipHop hop, CancellationToken cancellationToken)
    {
        if (hop.EndPoint.AddressFamily != Family || hop.EndPoint.Port == 0 || _sink is not { } sink || _stopping.IsCancellationRequested)
            return null;
        if (FindOpen(hop) is { } open)
            return open;

        var key = HasHandshake ? hop : hop with { HostName = null };
        Task<SipFlow?> opening;
        lock (_opening)
        {
            if (!_opening.TryGetValue(key, out opening!))
                _opening[key] = opening = Task.Run(() => ConnectAsync(key, sink), CancellationToken.None);
        }

        return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Requests for that address may take this connection, which the peer opened (RFC 5923).</summary>
    public void AddAlias(IPEndPoint alias, TcpFlow flow) => _connections.AddAlias(alias, flow);

    /// <summary>Whether a valid certificate stands for a domain.</summary>
    public virtual bool Trusts(X509Certificate2 certificate, string domain) => false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_sweep is not null)
            await _sweep.DisposeAsync().ConfigureAwait(false);
        _listener?.Dispose();
        await _accepting.ConfigureAwait(false);
        Task<SipFlow?>[] opening;
        lock (_opening)
            opening = [.. _opening.Values];
        await Task.WhenAll(opening).ConfigureAwait(false);
        if (_adopting is not null)
            await _adopting.DrainAsync().ConfigureAwait(false);
        foreach (var flow in _connections.Snapshot())
        {
            flow.Close();
            await flow.Running.ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    /// <summary>Our address as peers reach it: the listener's port, or the connection's own where nothing listens.</summary>
    internal IPEndPoint Advertise(IPEndPoint connectionLocal) =>
        IsListening ? new IPEndPoint(connectionLocal.Address, Bound.EndPoint.Port) : connectionLocal;

    /// <param name="socket">Connected; whoever fails leaves it to be disposed of.</param>
    /// <param name="openedFor">Where we wanted to go; null: the peer came to us.</param>
    /// <param name="sink">For counters.</param>
    /// <param name="cancellationToken">Cancelled when it takes too long.</param>
    protected virtual ValueTask<OpenedStream> OpenStreamAsync(Socket socket, SipHop? openedFor, ISipTransportSink sink, CancellationToken cancellationToken) =>
        new(new OpenedStream(new NetworkStream(socket, ownsSocket: true)));

    private static TimeSpan SweepPeriod(SipConnectionOptions options)
    {
        TimeSpan[] limits = [options.StalledMessageLimit, options.FirstMessageLimit, options.IdleLimit, options.KeepAliveInterval, options.PongLimit];
        var shortest = limits.Where(limit => limit > TimeSpan.Zero).Append(TimeSpan.FromSeconds(10)).Min();
        return TimeSpan.FromTicks(Math.Max(shortest.Ticks / 4, TimeSpan.TicksPerSecond / 4));
    }

    private async Task AcceptAsync(ISipTransportSink sink)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener!.AcceptAsync(_stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (_stopping.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer gave up in the queue, or the process is out of descriptors: neither ends the listener.
                sink.Counters.Increment(SipCounter.SocketErrors);
                await PauseAsync().ConfigureAwait(false);
                continue;
            }

            Accept(socket, sink);
        }
    }

    private void Accept(Socket socket, ISipTransportSink sink)
    {
        if (TryEnter(socket, sink) is not { } place)
        {
            sink.Counters.Increment(SipCounter.ConnectionsRefused);
            socket.Dispose();
            return;
        }

        sink.Counters.Increment(SipCounter.ConnectionsAccepted);
        _adopting!.Run(async () =>
        {
            if (HasHandshake)
                await Task.Yield(); // its arithmetic is not the accept loop's
            if (await AdoptAsync(socket, null, place, sink).ConfigureAwait(false) is null)
                place.Dispose();
        });
    }

    private ConnectionPlace? TryEnter(Socket socket, ISipTransportSink sink)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint remote
                ? _context.Ledger.TryEnter(remote.Address, HasHandshake, sink.Knows(new SipSource(remote, Bound.Kind)))
                : null;
        }
        catch (SocketException)
        {
            return null; // gone already
        }
        catch (Exception e)
        {
            sink.OnFault(e); // the gatekeeper's: the listener goes on
            return null;
        }
    }

    private async Task<SipFlow?> ConnectAsync(SipHop hop, ISipTransportSink sink)
    {
        Socket? socket = null;
        try
        {
            using var limit = new CancellationTokenSource(_context.Options.ConnectLimit, _context.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping);
            socket = new Socket(Family, SocketType.Stream, ProtocolType.Tcp);
            if (!Bound.EndPoint.Address.Equals(IPAddress.Any) && !Bound.EndPoint.Address.Equals(IPAddress.IPv6Any))
                socket.Bind(new IPEndPoint(Bound.EndPoint.Address, 0));
            await socket.ConnectAsync(hop.EndPoint, either.Token).ConfigureAwait(false);
            sink.Counters.Increment(SipCounter.ConnectionsOpened);
            return await AdoptAsync(socket, hop, null, sink).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket?.Dispose();
            sink.Counters.Increment(SipCounter.SendFailures);
            return null;
        }
        finally
        {
            lock (_opening)
                _opening.Remove(hop);
        }
    }

    private async Task<TcpFlow?> AdoptAsync(Socket socket, SipHop? openedFor, ConnectionPlace? place, ISipTransportSink sink)
    {
        try
        {
            Prepare(socket);
            var flow = new TcpFlow(this, socket, await HandshakeAsync(socket, openedFor, sink).ConfigureAwait(false), openedFor, sink, _context, place);
            place?.HandshakeDone();
            _connections.Add(flow);
            flow.Start(_stopping, () =>
            {
                _connections.Remove(flow);
                place?.Dispose();
            });
            return flow;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException or InvalidOperationException)
        {
            socket.Dispose();
            sink.Counters.Increment(HasHandshake ? SipCounter.TlsHandshakesFailed : SipCounter.SocketErrors);
            return null;
        }
        catch (Exception e)
        {
            socket.Dispose();
            sink.OnFault(e);
            return null;
        }
    }

    private async ValueTask<OpenedStream> HandshakeAsync(Socket socket, SipHop? openedFor, ISipTransportSink sink)
    {
        if (!HasHandshake)
            return await OpenStreamAsync(socket, openedFor, sink, _stopping).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(_context.Options.HandshakeLimit, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping);
        return await OpenStreamAsync(socket, openedFor, sink, either.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// Not every peer answers pings: the kernel, too, finds out that one is gone, within a minute and a half when it is silent, within
    /// 64*T1 when it does not take what we send.
    /// </summary>
    private static void Prepare(Socket socket)
    {
        const int Tcp = 6, TcpUserTimeout = 18, Milliseconds = 32_000;
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(Tcp, TcpUserTimeout, BitConverter.GetBytes(Milliseconds));
    }

    private void Sweep()
    {
        foreach (var flow in _connections.Snapshot())
        {
            try
            {
                flow.Tend();
            }
            catch (Exception e)
            {
                _sink?.OnFault(e); // a timer's exception would end the process
            }
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _context.Time, _stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop sees it.
        }
    }
}
