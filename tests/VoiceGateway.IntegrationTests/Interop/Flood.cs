using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>Somebody who sends far more than anybody should, until disposed.</summary>
internal sealed class Flood : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly long _since = Stopwatch.GetTimestamp();
    private Task _running = Task.CompletedTask;
    private long _sent;

    private Flood()
    {
    }

    public double PerSecond => Interlocked.Read(ref _sent) / Stopwatch.GetElapsedTime(_since).TotalSeconds;

    /// <param name="target">UDP.</param>
    /// <param name="from">Its own address.</param>
    /// <param name="perSecond">As far as the threads can.</param>
    /// <param name="next">The datagram of this number.</param>
    /// <param name="threads">Each with a socket of its own.</param>
    public static Flood OfDatagrams(IPEndPoint target, IPAddress from, int perSecond, Func<long, byte[]> next, int threads = 1)
    {
        var flood = new Flood();
        flood._running = Task.WhenAll(Enumerable.Range(0, threads).Select(
            _ => Task.Factory.StartNew(() => flood.Send(target, from, perSecond, next), TaskCreationOptions.LongRunning)));
        return flood;
    }

    /// <param name="target">TCP.</param>
    /// <param name="connections">Each sends the same, for ever.</param>
    /// <param name="message">On every connection again and again.</param>
    /// <param name="pieceBytes">In a segment.</param>
    /// <param name="pause">After each.</param>
    public static Flood OfPieces(IPEndPoint target, int connections, byte[] message, int pieceBytes, TimeSpan pause)
    {
        var flood = new Flood();
        flood._running = Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => flood.SendPiecesAsync(target, message, pieceBytes, pause))));
        return flood;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private void Send(IPEndPoint target, IPAddress from, int perSecond, Func<long, byte[]> next)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(from, 0));
        var to = target.Serialize();
        while (!_stop.IsCancellationRequested)
        {
            // What is owed by now, then a breath: the wait is much longer than a datagram.
            var owed = (long)(Stopwatch.GetElapsedTime(_since).TotalSeconds * perSecond);
            for (var most = perSecond / 50; Interlocked.Read(ref _sent) < owed && most > 0; most--)
            {
                try
                {
                    socket.SendTo(next(Interlocked.Increment(ref _sent)), SocketFlags.None, to);
                }
                catch (SocketException)
                {
                    // Nobody listens there any more, or the kernel has no room: there is more where this came from.
                }
            }
            _stop.Token.WaitHandle.WaitOne(1);
        }
    }

    private async Task SendPiecesAsync(IPEndPoint target, byte[] message, int pieceBytes, TimeSpan pause)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(target, _stop.Token);
                for (var at = 0; ; at = at + pieceBytes >= message.Length ? 0 : at + pieceBytes)
                {
                    await socket.SendAsync(message.AsMemory(at, Math.Min(pieceBytes, message.Length - at)), _stop.Token);
                    Interlocked.Increment(ref _sent);
                    await Task.Delay(pause, _stop.Token);
                }
            }
            catch (SocketException)
            {
                // Thrown out: once more.
                await Task.Delay(50);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
