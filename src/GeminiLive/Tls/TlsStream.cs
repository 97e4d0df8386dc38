using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// A client's TLS on a socket, by OpenSSL. It reads and writes the socket itself, on the thread of whoever asks, and holds next to nothing
/// while nothing comes: 20 kB a connection where <see cref="System.Net.Security.SslStream"/> keeps 80. One reader and one writer at a time.
/// <code>
///   WriteAsync ──▶ SSL_write ──▶ socket          full: again in a moment, until it is gone; a reader is at it: on the pool
///   ReadAsync  ──▶ SSL_read  ──▶ a record's text  nothing yet: waits for the socket, and asks again
/// </code>
/// Who reads goes on upon the pool, and after <see cref="ReadOnThread"/> upon a <see cref="ReadThread"/>.
/// A read without a buffer waits until there is something to read.
/// </summary>
internal sealed class TlsStream : ConnectionStream
{
    // A network that takes nothing is no reason to keep a thread; what waits behind it is bounded by the writer.
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(10);

    // Half a megabyte at once is a flood: it goes on upon the pool, and others on the same thread have their turn.
    private const int MostReadsAtOnce = 32;

    private readonly Socket _network;
    private readonly SafeSocketHandle _socket;
    private readonly SocketWaiter _waiter;
    private readonly PeerWatch _watch;
    private readonly WatchedPeer _peer;

    // OpenSSL wants one caller at a time for a connection.
    private readonly Lock _gate = new();
    private nint _ssl;

    // The gate is nobody's in particular: a reader of a flood takes it again before a writer has woken up.
    private volatile bool _writerWaits;

    private int _readsAtOnce;

    // What was met behind the last bytes that a read has brought: OpenSSL tells it once.
    private IOException? _fault;
    private bool _ended;

    private TlsStream(Socket network, PeerWatch watch, TlsContext context, string host)
    {
        (_network, _socket, _watch) = (network, network.SafeHandle, watch);
        _ssl = context.NewConnection((int)_socket.DangerousGetHandle(), host);
        _waiter = ReadThread.Watch(_socket);
        watch.Add(_peer = new WatchedPeer(network, _waiter.Dispose));
    }

    // What was never disposed of is not to be lost for good.
    ~TlsStream() => Dispose(disposing: false);

    private enum Step
    {
        Done,
        WaitToRead,
        WaitToWrite,
        End,
    }

    /// <param name="network">Connected; the stream's from now on.</param>
    /// <param name="watch">Over the peer.</param>
    /// <param name="host">Whom the server has to prove to be.</param>
    /// <exception cref="AuthenticationException">It does not, or speaks another TLS.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<TlsStream> ConnectAsync(Socket network, PeerWatch watch, TlsContext context, string host, CancellationToken cancellationToken)
    {
        TlsStream? stream = null;
        try
        {
            network.Blocking = false;
            stream = new TlsStream(network, watch, context, host);
            while (stream.TryHandshake() is not Step.Done and var step)
                await stream.WaitAsync(step, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            ((IDisposable?)stream ?? network).Dispose();
            throw;
        }
    }

    /// <summary>From the next read on; none may be under way. What follows upon a read must not block.</summary>
    public void ReadOnThread() => _waiter.GoesOnUponThread = true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (++_readsAtOnce > MostReadsAtOnce)
            {
                _readsAtOnce = 0;
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            Step step = TryRead(buffer.Span, out int count);
            if (step is Step.Done or Step.End) return count;
            _readsAtOnce = 0;
            await WaitAsync(step, cancellationToken).ConfigureAwait(false);
            if (buffer.IsEmpty) return 0;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return default;

        // Whoever writes may be the playout clock, which waits for nobody: a reader can have lost its core in the midst of a record.
        if (!_gate.TryEnter()) return WriteLaterAsync(buffer, TimeSpan.Zero, cancellationToken);
        try
        {
            return TryWrite(buffer.Span) is Step.Done ? default : WriteLaterAsync(buffer, Retry, cancellationToken);
        }
        catch (Exception fault)
        {
            return ValueTask.FromException(fault);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override string ToString() => _ssl == 0 ? "TLS, closed" : "TLS";

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            OpenSsl.Free(_ssl);
            _ssl = 0;
        }

        if (!disposing) return;

        _watch.Remove(_peer);
        _network.Dispose();
        _waiter.Dispose();
        GC.SuppressFinalize(this);
        base.Dispose(disposing);
    }

    private async ValueTask WriteLaterAsync(ReadOnlyMemory<byte> buffer, TimeSpan pause, CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            pause = Retry;
        }
        while (WaitAndWrite(buffer.Span) is not Step.Done);
    }

    // A reader that may write only (a key update of TLS 1.3 that the network does not take) is as patient as a writer.
    private ValueTask WaitAsync(Step step, CancellationToken cancellationToken) => step is Step.WaitToRead
        ? _waiter.ReadableAsync(cancellationToken)
        : new ValueTask(Task.Delay(Retry, cancellationToken));

    private Step TryHandshake()
    {
        using Use use = new(this);
        int result = OpenSsl.Connect(_ssl);
        if (result == 1) return Step.Done;

        Step? step = StepOf(result, out int error);
        if (step is { } wait and not Step.End) return wait;
        if (error != OpenSsl.ErrorSsl) throw new IOException("the server closed the connection in the middle of the TLS handshake", LastSocketError(error));

        nint verified = OpenSsl.VerifyResult(_ssl);
        string why = verified == 0 ? OpenSsl.TakeError() : $"the server's certificate is not trusted: {OpenSsl.Explain(verified)}";
        OpenSsl.ClearErrors();
        throw new AuthenticationException(why);
    }

    private unsafe Step TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        var patience = default(SpinWait);
        while (_writerWaits) patience.SpinOnce();
        using Use use = new(this);
        if (_fault is not null) throw new IOException(_fault.Message, _fault);
        if (_ended) return Step.End;
        if (buffer.IsEmpty) return OpenSsl.HasPending(_ssl) == 1 ? Step.Done : Step.WaitToRead;

        int result;
        fixed (byte* first = buffer)
        {
            // A record at a time, as many as have come.
            do
            {
                result = OpenSsl.Read(_ssl, first + count, buffer.Length - count);
                if (result > 0) count += result;
            }
            while (result > 0 && count < buffer.Length && OpenSsl.HasPending(_ssl) == 1);
        }

        if (result > 0) return Step.Done;

        Step? step = StepOf(result, out int error);
        _ended = step is Step.End;
        if (step is null) _fault = Broken(error);
        if (count > 0) return Step.Done;
        return step ?? throw _fault!;
    }

    private Step WaitAndWrite(ReadOnlySpan<byte> buffer)
    {
        _writerWaits = true;
        try
        {
            return TryWrite(buffer);
        }
        finally
        {
            _writerWaits = false;
        }
    }

    private unsafe Step TryWrite(ReadOnlySpan<byte> buffer)
    {
        using Use use = new(this);
        int result;
        fixed (byte* first = buffer) result = OpenSsl.Write(_ssl, first, buffer.Length);
        if (result > 0) return Step.Done;

        return StepOf(result, out int error) is { } step and not Step.End ? step : throw Broken(error);
    }

    /// <returns>Null: the connection is broken.</returns>
    private Step? StepOf(int result, out int error)
    {
        error = OpenSsl.GetError(_ssl, result);
        return error switch
        {
            OpenSsl.ErrorWantRead => Step.WaitToRead,
            OpenSsl.ErrorWantWrite => Step.WaitToWrite,
            OpenSsl.ErrorZeroReturn => Step.End,
            _ => null,
        };
    }

    private static IOException Broken(int error) => LastSocketError(error) is { } network
        ? new IOException(network.Message, network)
        : new IOException($"TLS broke: {OpenSsl.TakeError()}");

    /// <summary>Directly behind the call that failed.</summary>
    private static SocketException? LastSocketError(int error)
    {
        // As errno(3) has them on Linux.
        const int BrokenPipe = 32, NetworkUnreachable = 101, ConnectionReset = 104, TimedOut = 110, HostUnreachable = 113;
        if (error != OpenSsl.ErrorSyscall) return null;

        return System.Runtime.InteropServices.Marshal.GetLastPInvokeError() switch
        {
            0 => null,
            BrokenPipe or ConnectionReset => new SocketException((int)SocketError.ConnectionReset),
            TimedOut => new SocketException((int)SocketError.TimedOut),
            NetworkUnreachable => new SocketException((int)SocketError.NetworkUnreachable),
            HostUnreachable => new SocketException((int)SocketError.HostUnreachable),
            _ => new SocketException((int)SocketError.SocketError),
        };
    }

    /// <summary>
    /// One call into OpenSSL: alone, on a connection that is not closed, on a socket that nobody closes meanwhile, whose number the system would
    /// give to another.
    /// </summary>
    private readonly ref struct Use
    {
        private readonly TlsStream _stream;

        public Use(TlsStream stream)
        {
            _stream = stream;
            stream._gate.Enter();
            bool held = false;
            try
            {
                ObjectDisposedException.ThrowIf(stream._ssl == 0, stream);
                stream._socket.DangerousAddRef(ref held);

                // What another has left on this thread would be taken for ours.
                OpenSsl.ClearErrors();
            }
            catch
            {
                if (held) stream._socket.DangerousRelease();
                stream._gate.Exit();
                throw;
            }
        }

        public void Dispose()
        {
            _stream._socket.DangerousRelease();
            _stream._gate.Exit();
        }
    }
}
