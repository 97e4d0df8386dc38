using System.Collections.Concurrent;
using System.Net;

namespace VoiceGateway.Sip;

/// <summary>Peers that could not be reached by TCP lately: large requests go to them by UDP at once.</summary>
internal sealed class UdpOnlyPeers(TimeProvider time)
{
    private const int MostRemembered = 1024;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<IPEndPoint, long> _since = new();

    public bool Contains(IPEndPoint peer) => _since.TryGetValue(peer, out long since) && time.GetElapsedTime(since) < Remembered;

    public void Add(IPEndPoint peer)
    {
        if (_since.Count >= MostRemembered)
            _since.Clear();
        _since[peer] = time.GetTimestamp();
    }
}
