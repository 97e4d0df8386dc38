using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// One connection. Reading: bytes -> framer -> sink, inline. Writing: at once on the sender's thread where the stream takes
/// it, else through a queue bounded in bytes. Closing, by whoever, ends <see cref="Running"/>.
/// </summary>
internal sealed class TcpFlow : SipFlow
{
    private const int ReadBytes = 16 * 1024;
    private static readonly byte[] Pong = "\r\n"u8.ToArray();

    private readonly TcpTransport _transport;
    private readonly Stream _stream;
    private readonly ISipTransportSink _sink;
    private readonly TimeProvider _time;
    private readonly SipConnectionOptions _options;
    private readonly SipStreamFramer _framer;
    private readonly Lock _writing = new();
    private readonly Queue<byte[]> _queue = new();
    private readonly IPEndPoint _connectionLocal;
    private int _queuedBytes;
    private bool _isWriting;
    private Task _writer = Task.CompletedTask;
    private int _closed;
    private long _lastByteAt;
    private long _messageBegunAt;

    public TcpFlow(TcpTransport transport, Socket socket, Stream stream, ISipTransportSink sink, TimeProvider time, SipConnectionOptions options)
    {
        _transport = transport;
        _stream = stream;
        _sink = sink;
        _time = time;
        _options = options;
        _framer = new SipStreamFramer(sink.Limits);
        _connectionLocal = (IPEndPoint)socket.LocalEndPoint!;
        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!;
        _lastByteAt = time.GetTimestamp();
    }

    public override SipTransportKind Kind => _transport.Bound.Kind;

    public override IPEndPoint RemoteEndPoint { get; }

    public override IPEndPoint LocalEndPoint => _transport.Advertise(_connectionLocal);

    public override bool IsOpen => Volatile.Read(ref _closed) == 0;

    public Task Running { get; private set; } = Task.CompletedTask;

    public void Start(CancellationToken stop, Action ended) => Running = RunAsync(stop, ended);

    public override bool Send(ReadOnlySpan<byte> message)
    {
        lock (_writing)
        {
            if (!IsOpen)
                return false;
            if (_queuedBytes + message.Length > _options.MaxQueuedBytes)
            {
                _sink.Counters.Increment(SipCounter.ConnectionsOverrun);
                Close();
                return false;
            }

            _queue.Enqueue(message.ToArray());
            _queuedBytes += message.Length;
            if (!_isWriting)
            {
                _isWriting = true;
                _writer = WriteAsync(); // runs on this thread until the stream makes it wait
            }

            return IsOpen;
        }
    }

    /// <summary>Idle without a call on it, or stuck within a message.</summary>
    public bool IsOverdue()
    {
        long begun = Volatile.Read(ref _messageBegunAt);
        if (begun != 0 && _time.GetElapsedTime(begun) > _options.StalledMessageLimit)
            return true;
        return Uses == 0 && _time.GetElapsedTime(Volatile.Read(ref _lastByteAt)) > _options.IdleLimit;
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _stream.Dispose();
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
            ended();
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        var buffer = new byte[ReadBytes];
        while (true)
        {
            int length = await _stream.ReadAsync(buffer, stop).ConfigureAwait(false);
            if (length == 0)
                return;
            Volatile.Write(ref _lastByteAt, _time.GetTimestamp());
            if (!Deliver(buffer.AsSpan(0, length)))
            {
                _sink.Counters.Increment(SipCounter.FramingErrors);
                return;
            }
        }
    }

    /// <summary>False when the stream cannot be framed any more.</summary>
    private bool Deliver(ReadOnlySpan<byte> input)
    {
        while (true)
        {
            switch (_framer.Read(ref input, out var message))
            {
                case SipFrame.Message:
                    _sink.OnMessage(message, this);
                    break;
                case SipFrame.Ping:
                    _sink.Counters.Increment(SipCounter.KeepAlivesReceived);
                    Send(Pong);
                    break;
                case SipFrame.Error:
                    if (_framer.Error.Answer is { } answer)
                        Send(answer.ToBytes());
                    return false;
                default:
                    NoteProgress();
                    return true;
            }
        }
    }

    /// <summary>Marks since when part of a message has been waiting for the rest.</summary>
    private void NoteProgress()
    {
        if (!_framer.HasPartialMessage)
            Volatile.Write(ref _messageBegunAt, 0);
        else if (_messageBegunAt == 0)
            Volatile.Write(ref _messageBegunAt, _time.GetTimestamp());
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

                await _stream.WriteAsync(next).ConfigureAwait(false);
                Volatile.Write(ref _lastByteAt, _time.GetTimestamp());
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // isWriting stays set: nothing more is sent on a closed connection.
            _sink.Counters.Increment(SipCounter.SendFailures);
            Close();
        }
    }
}
