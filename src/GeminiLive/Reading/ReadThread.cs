using System.Collections.Concurrent;
using System.Net.Sockets;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// A thread that waits for the sockets of many connections, and on which those go on that read them:
/// <code>
///   socket ─▶ epoll ─▶ ReadThread ─▶ TlsStream ─▶ LiveWebSocket ─▶ LiveReceiver ─▶ handler ─▶ waits for the socket again
/// </code>
/// One thread wakes up for a message. By .NET's sockets and the pool it would be three: that of the sockets, a worker, and another worker in case
/// there is more; and a socket for which .NET has waited once it watches for good. What goes on here must not block, for all other connections of
/// the thread wait meanwhile: a handler hands on whatever takes long.
/// </summary>
internal sealed class ReadThread
{
    private static readonly Lazy<ReadThread[]> All = new(static () =>
        [.. Enumerable.Range(1, Math.Max(1, Environment.ProcessorCount / 2)).Select(static number => new ReadThread($"live {number}"))]);

    private static uint s_next;

    private readonly Epoll _epoll = new();
    private readonly ConcurrentDictionary<long, SocketWaiter> _waiters = new();
    private long _lastToken;

    private ReadThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>A socket gets the next of the process's threads, and stays there until it is disposed of.</summary>
    public static SocketWaiter Watch(SafeSocketHandle socket)
    {
        ReadThread[] threads = All.Value;
        return threads[Interlocked.Increment(ref s_next) % threads.Length].Add(socket);
    }

    /// <inheritdoc cref="Epoll.Ask"/>
    public void Ask(SafeSocketHandle socket, uint events, long token) => _epoll.Ask(socket, events, token);

    public void Forget(SafeSocketHandle socket, long token)
    {
        if (_waiters.TryRemove(token, out _)) _epoll.Remove(socket);
    }

    private SocketWaiter Add(SafeSocketHandle socket)
    {
        long token = Interlocked.Increment(ref _lastToken);
        _epoll.Add(socket, token);
        return _waiters[token] = new SocketWaiter(this, socket, token);
    }

    private void Run()
    {
        Span<long> tokens = stackalloc long[Epoll.AtOnce];
        while (true)
        {
            int count = _epoll.Wait(tokens);
            foreach (long token in tokens[..count])
                if (_waiters.TryGetValue(token, out SocketWaiter? waiter)) waiter.GoOn();
        }
    }
}
