using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// A TCP listener with the connections it accepted and those opened through it. A connection carries both directions
/// for as long as it lives (RFC 3261 section 18): responses, and requests within a dialog, go back on the one they came from.
/// TLS overrides <see cref="OpenStreamAsync"/> and nothing else.
/// </summary>
internal class TcpTransport : ISipTransport
{
    private const int Backlog = 512;
    private readonly Socket? _listener;
    private readonly TimeProvider _time;
    private readonly SipConnectionOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpFlow, byte> _flows = new();
    private readonly Dictionary<IPEndPoint, Task<SipFlow?>> _opening = [];
    private ISipTransportSink? _sink;
    private Task _accepting = Task.CompletedTask;
    private ITimer? _sweep;

    // With outboundOnly nothing listens: only kind and family of the entry are used.
    public TcpTransport(SipListen listen, TimeProvider time, SipConnectionOptions options, bool outboundOnly = false)
    {
        _time = time;
        _options = options;
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

    public int Connections => _flows.Count;

    private bool IsListening => _listener is not null;

    public void Start(ISipTransportSink sink)
    {
        _sink = sink;
        if (IsListening)
            _accepting = Task.Run(() => AcceptAsync(sink));
        var period = TimeSpan.FromTicks(Math.Max(_options.StalledMessageLimit.Ticks / 4, TimeSpan.TicksPerSecond / 4));
        _sweep = _time.CreateTimer(_ => Sweep(), null, period, period);
    }

    public async ValueTask<SipFlow?> OpenFlowAsync(IPEndPoint remote, CancellationToken cancellationToken)
    {
        if (remote.AddressFamily != Family || remote.Port == 0 || _sink is not { } sink || _stop.IsCancellationRequested)
            return null;
        foreach (var flow in _flows.Keys)
        {
            if (flow.IsOpen && flow.RemoteEndPoint.Equals(remote))
                return flow;
        }

        Task<SipFlow?> opening;
        lock (_opening)
        {
            if (!_opening.TryGetValue(remote, out opening!))
                _opening[remote] = opening = Task.Run(() => ConnectAsync(remote, sink), CancellationToken.None);
        }

        return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

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
        foreach (var flow in _flows.Keys)
        {
            flow.Close();
            await flow.Running.ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    /// <summary>Our address as peers reach it: the listener's port, or the connection's own where nothing listens.</summary>
    internal IPEndPoint Advertise(IPEndPoint connectionLocal) =>
        IsListening ? new IPEndPoint(connectionLocal.Address, Bound.EndPoint.Port) : connectionLocal;

    protected virtual ValueTask<Stream> OpenStreamAsync(Socket socket, bool accepted, CancellationToken cancellationToken) =>
        new(new NetworkStream(socket, ownsSocket: true));

    private async Task AcceptAsync(ISipTransportSink sink)
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener!.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
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

            if (_flows.Count >= _options.MaxConnections)
            {
                sink.Counters.Increment(SipCounter.ConnectionsRefused);
                socket.Dispose();
                continue;
            }

            sink.Counters.Increment(SipCounter.ConnectionsAccepted);
            _ = await AdoptAsync(socket, accepted: true, sink, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<SipFlow?> ConnectAsync(IPEndPoint remote, ISipTransportSink sink)
    {
        using var limit = new CancellationTokenSource(_options.ConnectLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        var socket = new Socket(Family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!Bound.EndPoint.Address.Equals(IPAddress.Any) && !Bound.EndPoint.Address.Equals(IPAddress.IPv6Any))
                socket.Bind(new IPEndPoint(Bound.EndPoint.Address, 0));
            await socket.ConnectAsync(remote, either.Token).ConfigureAwait(false);
            sink.Counters.Increment(SipCounter.ConnectionsOpened);
            return await AdoptAsync(socket, accepted: false, sink, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            sink.Counters.Increment(SipCounter.SendFailures);
            return null;
        }
        finally
        {
            lock (_opening)
                _opening.Remove(remote);
        }
    }

    private async Task<TcpFlow?> AdoptAsync(Socket socket, bool accepted, ISipTransportSink sink, CancellationToken cancellationToken)
    {
        try
        {
            socket.NoDelay = true;
            var flow = new TcpFlow(this, socket, await OpenStreamAsync(socket, accepted, cancellationToken).ConfigureAwait(false), sink, _time, _options);
            _flows[flow] = 0;
            flow.Start(_stop.Token, () => _flows.TryRemove(flow, out _));
            return flow;
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            socket.Dispose();
            sink.Counters.Increment(SipCounter.SocketErrors);
            return null;
        }
    }

    private void Sweep()
    {
        foreach (var flow in _flows.Keys)
        {
            if (!flow.IsOverdue())
                continue;
            _sink?.Counters.Increment(SipCounter.ConnectionsTimedOut);
            flow.Close();
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop sees it.
        }
    }
}
