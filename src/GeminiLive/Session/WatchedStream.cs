using System.Net.Sockets;

namespace VoiceGateway.GeminiLive;

/// <summary>A connection whose peer is watched as long as there is anybody to close it.</summary>
internal sealed class WatchedStream : NetworkStream
{
    private readonly PeerWatch _watch;
    private readonly WatchedPeer _peer;

    public WatchedStream(Socket socket, PeerWatch watch)
        : base(socket, ownsSocket: true)
    {
        (_watch, _peer) = (watch, new WatchedPeer(socket));
        watch.Add(_peer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _watch.Remove(_peer);
        base.Dispose(disposing);
    }
}
