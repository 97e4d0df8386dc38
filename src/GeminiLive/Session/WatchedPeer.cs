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
/// <param name="onGivenUp">The socket has been closed.</param>
internal sealed class WatchedPeer(Socket socket, Action? onGivenUp = null)
{
    private int _silentLooks;

    /// <param name="interval">Since the last look.</param>
    public void Look(TimeSpan interval)
    {
        try
        {
            bool silent = TcpProgress.TryRead(socket, out TcpProgress progress)
                && progress.UnacknowledgedSegments > 0
                && progress.SinceAcknowledgement >= interval;
            _silentLooks = silent ? _silentLooks + 1 : 0;
            if (_silentLooks < PeerWatch.Looks) return;

            socket.Close(timeout: 0); // RST: there is nobody to take leave of
            onGivenUp?.Invoke();
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The connection ended while it was being looked at.
        }
    }
}
