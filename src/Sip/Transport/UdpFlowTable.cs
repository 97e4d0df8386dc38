using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace VoiceGateway.Sip;

/// <summary>
/// One flow object a peer instead of one a datagram. In two generations: when the younger is full the older is forgotten, so that whoever was heard
/// from of late stays. To forget one costs little: it holds nothing but our address that the peer sends to.
/// </summary>
internal sealed class UdpFlowTable(int most)
{
    private readonly Lock _gate = new();
    private readonly int _mostInGeneration = Math.Max(most / 2, 1);
    private volatile ConcurrentDictionary<SocketAddress, UdpFlow> _younger = new();
    private volatile ConcurrentDictionary<SocketAddress, UdpFlow> _older = new();

    public bool TryFind(SocketAddress remote, [NotNullWhen(true)] out UdpFlow? flow)
    {
        if (_younger.TryGetValue(remote, out flow))
            return true;
        if (!_older.TryGetValue(remote, out flow))
            return false;
        Put(flow);
        return true;
    }

    public void Put(UdpFlow flow)
    {
        lock (_gate)
        {
            if (_younger.Count >= _mostInGeneration && !_younger.ContainsKey(flow.Address))
            {
                _older = _younger;
                _younger = new ConcurrentDictionary<SocketAddress, UdpFlow>();
            }

            _younger[flow.Address] = flow;
        }
    }
}
