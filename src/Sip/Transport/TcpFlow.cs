using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.Sip;

/// <summary>
/// One connection. Reading: bytes -> framer -> sink, inline. Writing: at once on the sender's thread where the stream takes
/// it, else through a queue bounded in bytes. Closing, by whoever, ends <see cref="Running"/>.
/// </summary>
internal sealed class TcpFlow : SipFlow
{
    private const int ReadBytes = 16 * 1024;

    // Reads without a whole message in them, after which the peer is taken for one that sends in crumbs.
    private const int CrumbsBeforePause = 8;
    private const int ReadsBeforeYield = 16;
    private static readonly TimeSpan CrumbPause = TimeSpan.FromMilliseconds(20);
    private static ReadOnlySpan<byte> Pong => "\r\n"u8;

    private readonly TcpTransport _transport;
    private readonly OpenedStream _opened;
    private readonly SipHop? _openedFor;
    private readonly ISipTransportSink _sink;
    private readonly ConnectionContext _context;
    private readonly ConnectionPlace? _place;
    private readonly ConnectionKeepAlive _keepAlive;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _writing = new();
    private readonly Queue<byte[]> _queue = new();
    private readonly Lock _leasing = new();
    private readonly List<FlowLease> _leases = [];
    private readonly IPEndPoint _connectionLocal;
    private readonly long _openedAt;
    private SipStreamFramer _framer;
    private int _largestFramed;
    private int _partialBytes;
    private int _queuedBytes;
    private bool _isWriting;
    private Task _writer = Task.CompletedTask;
    private int _closed;
    private bool _isTrusted;
    private bool _holdsAsStranger;
    private long _activeAt;
    private long _messageBegunAt;

    /// <param name="transport">Its owner.</param>
    /// <param name="socket">Connected.</param>
    /// <param name="opened">The socket's stream.</param>
    /// <param name="openedFor">Where we wanted to go; null: the peer came to us.</param>
    /// <param name="sink">Where messages go.</param>
    /// <param name="context">Time and limits.</param>
    /// <param name="place">Its place among the accepted ones.</param>
    public TcpFlow(TcpTransport transport, Socket socket, OpenedStream opened, SipHop? openedFor, ISipTransportSink sink, ConnectionContext context, ConnectionPlace? place)
    {
        _transport = transport;
        _opened = opened;
        _openedFor = openedFor;
        _sink = sink;
        _context = context;
        _place = place;
        _keepAlive = new ConnectionKeepAlive(context.Time);
        _framer = new SipStreamFramer(sink.Limits);
        _connectionLocal = (IPEndPoint)socket.LocalEndPoint!;
        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!;
        _openedAt = _activeAt = context.Time.GetTimestamp();
        Closed = _closing.Token;
    }

    public override SipTransportKind Kind => _transport.Bound.Kind;

    public override IPEndPoint RemoteEndPoint { get; }

    public override IPEndPoint LocalEndPoint => _transport.Advertise(_connectionLocal);

    public override SipListen? Listen => _transport.IsListening ? _transport.Bound : null;

    public override bool IsOpen => Volatile.Read(ref _closed) == 0;

    public override CancellationToken Closed { get; }

    public override X509Certificate2? PeerCertificate => _opened.Peer;

    public override bool OffersReuse => _opened.OffersReuse && _openedFor is not null;

    public bool IsAccepted => _openedFor is null;

    /// <summary>Where else requests may be meant for, so that they can take this connection.</summary>
    public IPEndPoint? Alias { get; private set; }

    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start(CancellationToken stop, Action ended) => Running = RunAsync(stop, ended);

    /// <summary>
    /// Whether a request for the hop may go here: over TCP any; over TLS only if this is the connection that was opened for that domain, or
    /// the peer's certificate is good for it (RFC 5923 section 9). An address without a domain is as well known from the connection itself.
    /// </summary>
    public bool Serves(SipHop hop)
    {
        if (Kind != SipTransportKind.Tls)
            return true;
        if (_openedFor is { } wanted && string.Equals(wanted.HostName, hop.HostName, StringComparison.OrdinalIgnoreCase))
            return true;
        if (hop.HostName is null && IsAccepted && RemoteEndPoint.Equals(hop.EndPoint))
            return true;
        return PeerCertificate is { } peer && _transport.Trusts(peer, hop.HostName ?? hop.EndPoint.Address.ToString());
    }

    public void GrantAlias(IPEndPoint alias)
    {
        _sink.Counters.Increment(SipCounter.ConnectionsAliased);
        _transport.AddAlias(alias, this);
    }

    /// <summary>One alias a connection: a peer has one place where it listens.</summary>
    public bool TryTakeAlias(IPEndPoint alias)
    {
        if (Alias is not null)
            return false;
        Alias = alias;
        return true;
    }

    public override bool Send(ReadOnlySpan<byte> message)
    {
        Volatile.Write(ref _activeAt, _context.Time.GetTimestamp());
        return Write(message);
    }

    public override IDisposable KeepAlive(TimeSpan interval, bool expectsPong = false)
    {
        AddUse();
        var lease = new FlowLease(interval, expectsPong, Release);
        lock (_leasing)
            _leases.Add(lease);
        return lease;

        void Release(FlowLease released)
        {
            ReleaseUse();
            lock (_leasing)
                _leases.Remove(released);
        }
    }

    /// <summary>Called by the transport's clock: closes what is overdue, pings where that is due.</summary>
    public void Tend()
    {
        if (!IsOpen)
            return;
        if (IsOverdue())
        {
            _sink.Counters.Increment(SipCounter.ConnectionsTimedOut);
            Close();
            return;
        }

        var (interval, expectsPong) = WantedPings();
        switch (_keepAlive.Next(interval, _context.Options.PongLimit, expectsPong))
        {
            case KeepAliveStep.Ping:
                _sink.Counters.Increment(SipCounter.KeepAlivesSent);
                Write(Ping);
                break;
            case KeepAliveStep.Dead:
                _sink.Counters.Increment(SipCounter.KeepAlivesUnanswered);
                Close();
                break;
        }
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        if (_opened.Stream is SslStream tls)
            SayGoodbye(tls);
        _opened.Stream.Dispose();
    }

    private bool Write(ReadOnlySpan<byte> bytes)
    {
        lock (_writing)
        {
            if (!IsOpen)
                return false;
            if (_queuedBytes + bytes.Length > _context.Options.MaxQueuedBytes)
            {
                _sink.Counters.Increment(SipCounter.ConnectionsOverrun);
                Close();
                return false;
            }

            _queue.Enqueue(bytes.ToArray());
            _queuedBytes += bytes.Length;
            if (!_isWriting)
            {
                _isWriting = true;
                _writer = WriteAsync(); // runs on this thread until the stream makes it wait
            }

            return IsOpen;
        }
    }

    /// <summary>Stuck within a message, nobody's or silent since it was accepted, or idle without a call on it.</summary>
    private bool IsOverdue()
    {
        var time = _context.Time;
        var options = _context.Options;
        long begun = Volatile.Read(ref _messageBegunAt);
        if (begun != 0 && time.GetElapsedTime(begun) > options.StalledMessageLimit)
            return true;
        if (Uses > 0)
            return false;
        return time.GetElapsedTime(Volatile.Read(ref _activeAt)) > options.IdleLimit
            || (IsAccepted && !Volatile.Read(ref _isTrusted) && time.GetElapsedTime(_openedAt) > options.FirstMessageLimit);
    }

    /// <summary>Ours to keep alive: what we opened, and what calls use; leases may want it more often.</summary>
    private (TimeSpan Interval, bool ExpectsPong) WantedPings()
    {
        var interval = !IsAccepted || Uses > 0 ? _context.Options.KeepAliveInterval : TimeSpan.Zero;
        bool expectsPong = false;
        lock (_leasing)
        {
            foreach (var lease in _leases)
            {
                expectsPong |= lease.ExpectsPong;
                if (lease.Interval > TimeSpan.Zero && (interval == TimeSpan.Zero || lease.Interval < interval))
                    interval = lease.Interval;
            }
        }

        return (interval, expectsPong);
    }

    private async Task RunAsync(CancellationToken stop, Action ended)
    {
        await Task.Yield(); // a first read that completes at once must not hold up the accept loop
        try
        {
            await ReadAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The ordinary ends of a connection: reset, closed by us, stopped.
        }
        catch (Exception e)
        {
            _sink.OnFault(e);
        }
        finally
        {
            Close();
            Task writer;
            lock (_writing)
                writer = _writer;
            await writer.ConfigureAwait(false);
            HoldPartial(0);
            ended();
            TellClosed();
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        int crumbs = 0;
        for (int reads = 1; ; reads++)
        {
            // Waiting holds no buffer: a thousand silent connections cost their sockets only.
            await _opened.Stream.ReadAsync(Memory<byte>.Empty, stop).ConfigureAwait(false);
            var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
            try
            {
                int length = await _opened.Stream.ReadAsync(buffer, stop).ConfigureAwait(false);
                if (length == 0)
                    return;
                if (!Deliver(buffer.AsSpan(0, length), out bool isWhole))
                    return;
                crumbs = isWhole ? 0 : crumbs + 1;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            // The kernel collects what comes in crumbs, instead of a wake-up for each.
            if (crumbs > CrumbsBeforePause)
                await Task.Delay(CrumbPause, _context.Time, stop).ConfigureAwait(false);
            else if (reads % ReadsBeforeYield == 0)
                await Task.Yield(); // a peer that never stops sending must not own a thread
        }
    }

    /// <summary>False when the connection must end: it cannot be framed any more, or holds too much.</summary>
    private bool Deliver(ReadOnlySpan<byte> input, out bool isWhole)
    {
        isWhole = false;
        int received = input.Length;
        input = _keepAlive.Receive(input, isAtBoundary: !_framer.HasPartialMessage);
        _largestFramed = Math.Max(_largestFramed, _partialBytes + received);
        bool endsWithMessage = false;
        while (true)
        {
            switch (_framer.Read(ref input, out var message))
            {
                case SipFrame.Message:
                    isWhole = endsWithMessage = true;
                    _sink.OnMessage(message, this);
                    NoteDelivered(); // afterwards: by this message it may have become a peer
                    break;
                case SipFrame.Ping:
                    NoteDelivered();
                    isWhole = true;
                    endsWithMessage = false;
                    _sink.Counters.Increment(SipCounter.KeepAlivesReceived);
                    Write(Pong);
                    break;
                case SipFrame.Error:
                    _sink.Counters.Increment(SipCounter.FramingErrors);
                    if (_framer.Error.Answer is { } answer && _sink.MayAnswer(this))
                        Write(answer.ToBytes());
                    return false;
                default:
                    return NoteRest(received, isWhole, endsWithMessage);
            }
        }
    }

    private void NoteDelivered()
    {
        if (!_isTrusted && IsPeer())
        {
            _place?.Promote();
            Volatile.Write(ref _isTrusted, true);
        }

        Volatile.Write(ref _activeAt, _context.Time.GetTimestamp());
        Volatile.Write(ref _messageBegunAt, 0);
    }

    private bool IsPeer() => !IsAccepted || _sink.Knows(SipSource.Of(this));

    /// <summary>Since when, and how much of it, part of a message has been waiting for the rest; false when that is too much.</summary>
    private bool NoteRest(int received, bool isWhole, bool endsWithMessage)
    {
        if (_framer.HasPartialMessage)
        {
            if (_messageBegunAt == 0)
                Volatile.Write(ref _messageBegunAt, _context.Time.GetTimestamp());
            if (HoldPartial(isWhole ? received : _partialBytes + received))
                return true;
            _sink.Counters.Increment(SipCounter.ConnectionsOverrun);
            return false;
        }

        Volatile.Write(ref _messageBegunAt, 0);
        HoldPartial(0);

        // A framer keeps the buffer of the largest message it has seen; between messages it knows nothing worth keeping.
        if (endsWithMessage && _largestFramed > ReadBytes)
        {
            _framer = new SipStreamFramer(_sink.Limits);
            _largestFramed = 0;
        }

        return true;
    }

    private bool HoldPartial(int bytes)
    {
        int more = Math.Min(bytes, _sink.Limits.MaxMessageBytes) - _partialBytes;
        if (_partialBytes == 0 && more > 0)
            _holdsAsStranger = !_isTrusted && !IsPeer();
        if (more > 0 && !TryTakePartial(more))
            return false;
        if (more < 0)
            ReturnPartial(-more);
        _partialBytes += more;
        return true;
    }

    private bool TryTakePartial(int bytes)
    {
        if (_holdsAsStranger && !_context.StrangersPartial.TryTake(bytes))
            return false;
        if (_context.Partial.TryTake(bytes))
            return true;
        if (_holdsAsStranger)
            _context.StrangersPartial.Return(bytes);
        return false;
    }

    private void ReturnPartial(int bytes)
    {
        _context.Partial.Return(bytes);
        if (_holdsAsStranger)
            _context.StrangersPartial.Return(bytes);
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                byte[]? next;
                lock (_writing)
                {
                    if (!_queue.TryDequeue(out next))
                    {
                        _isWriting = false;
                        return;
                    }

                    _queuedBytes -= next.Length;
                }

                await _opened.Stream.WriteAsync(next).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // isWriting stays set: nothing more is sent on a closed connection.
            _sink.Counters.Increment(SipCounter.SendFailures);
            if (e is not (IOException or SocketException or InvalidOperationException))
                _sink.OnFault(e);
            Close();
        }
    }

    /// <summary>close_notify (RFC 8446 section 6.1), where nothing is in its way: peers take an end without it for an attack, and say so in their logs.</summary>
    private void SayGoodbye(SslStream tls)
    {
        lock (_writing)
        {
            if (_isWriting)
                return;
            _isWriting = true; // nobody writes behind it
            _ = ShutdownAsync(tls);
        }
    }

    private static async Task ShutdownAsync(SslStream tls)
    {
        try
        {
            await tls.ShutdownAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            // The peer has gone first.
        }
    }

    private void TellClosed()
    {
        try
        {
            _closing.Cancel();
        }
        catch (AggregateException e)
        {
            _sink.OnFault(e);
        }
    }
}
