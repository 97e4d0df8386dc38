using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Waits for a socket, for one at a time and without an allocation. That one goes on upon the pool, or on the <see cref="ReadThread"/> itself.
/// </summary>
internal sealed class SocketWaiter(ReadThread thread, SafeSocketHandle socket, long token) : IValueTaskSource, IDisposable
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _waits;

    /// <summary>Whoever waits the next time goes on upon the thread, where it must not block: every other socket of the thread would wait.</summary>
    public bool GoesOnUponThread { set => _core.RunContinuationsAsynchronously = !value; }

    /// <summary>Until there is something to read, the connection is broken, or this is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public ValueTask ReadableAsync(CancellationToken cancellationToken = default) => WaitAsync(Epoll.Readable, cancellationToken);

    /// <summary>Until it can be written: of one that is connecting, until it is connected or will not be.</summary>
    /// <inheritdoc cref="ReadableAsync" path="/exception"/>
    public ValueTask WritableAsync(CancellationToken cancellationToken) => WaitAsync(Epoll.Writable, cancellationToken);

    /// <summary>What was waited for is there.</summary>
    public void GoOn()
    {
        if (Interlocked.Exchange(ref _waits, 0) != 0) _core.SetResult(true);
    }

    /// <summary>Before the socket is connected again, or behind its closing, of which epoll says nothing. Whoever waits goes on upon the pool.</summary>
    public void Dispose()
    {
        thread.Forget(socket, token);
        GoOnUponPool();
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private ValueTask WaitAsync(uint events, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? CancellableAsync(events, cancellationToken) : Wait(events);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CancellableAsync(uint events, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static waiter => ((SocketWaiter)waiter!).GoOnUponPool(), this))
            if (!cancellationToken.IsCancellationRequested) await Wait(events).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private ValueTask Wait(uint events)
    {
        _core.Reset();
        var wait = new ValueTask(this, _core.Version);

        // Before it is asked for: the answer may be there at once.
        Volatile.Write(ref _waits, 1);
        try
        {
            thread.Ask(socket, events, token);
            return wait;
        }
        catch
        {
            Volatile.Write(ref _waits, 0);
            throw;
        }
    }

    private void GoOnUponPool()
    {
        if (Volatile.Read(ref _waits) != 0)
            ThreadPool.UnsafeQueueUserWorkItem(static waiter => waiter.GoOn(), this, preferLocal: false);
    }
}
