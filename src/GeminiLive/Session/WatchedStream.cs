using System.Net.Sockets;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// A connection that is given up when the peer acknowledges nothing of what it was sent: cable pulled, NAT entry gone, host
/// dead. Acknowledgements come from the peer's kernel, so a service that is merely slow is never cut by this:
/// <code>
/// peer gone          segments unacknowledged, no acknowledgement at all  -> given up after <c>deadPeer</c>
/// service not reading  all acknowledged, window closed, probes answered  -> waits (TCP_USER_TIMEOUT ends it, much later)
/// </code>
/// Looks are counted, not time, so that a process that was itself held up does not take its own pause for the peer's.
/// </summary>
internal sealed class WatchedStream : NetworkStream
{
    private const int Looks = 8;

    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private int _silentLooks;

    /// <param name="deadPeer">How long nothing may be acknowledged.</param>
    public WatchedStream(Socket socket, TimeSpan deadPeer, TimeProvider time)
        : base(socket, ownsSocket: true)
    {
        _interval = deadPeer / Looks;
        _timer = time.CreateTimer(static stream => ((WatchedStream)stream!).Look(), this, _interval, _interval);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _timer.Dispose();
        base.Dispose(disposing);
    }

    private void Look()
    {
        try
        {
            bool silent = TcpProgress.TryRead(Socket, out TcpProgress progress)
                && progress.UnacknowledgedSegments > 0
                && progress.SinceAcknowledgement >= _interval;
            _silentLooks = silent ? _silentLooks + 1 : 0;
            if (_silentLooks >= Looks) Socket.Close(timeout: 0); // RST: there is nobody to take leave of
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The connection ended while it was being looked at.
        }
    }
}
