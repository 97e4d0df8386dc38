using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VoiceGateway.Sip;

/// <summary>How many connections the listeners hold, in all and from whom. Strangers never have more than half: peers find a place, whoever else comes.</summary>
internal sealed class ConnectionLedger(SipConnectionOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Count> _sources = [];
    private Count _all;
    private Count _strangers;

    /// <param name="source">Who connects.</param>
    /// <param name="withHandshake">A TLS handshake comes first, which costs more than a connection.</param>
    /// <param name="isKnown">A peer's address.</param>
    /// <returns>A place to be disposed of with the connection; null: there is none.</returns>
    public ConnectionPlace? TryEnter(IPAddress source, bool withHandshake, bool isKnown = true)
    {
        var key = KeyOf(source);
        var one = new Count(1, withHandshake ? 1 : 0);
        lock (_gate)
        {
            ref var from = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, key, out _);
            if (!HasRoom(_all, one, options.MaxConnections, options.MaxHandshakes)
                || !HasRoom(from, one, options.MaxConnectionsPerSource, Share(options.MaxHandshakes, 4))
                || (!isKnown && !HasRoom(_strangers, one, Share(options.MaxConnections, 2), Share(options.MaxHandshakes, 2))))
            {
                if (from.Connections == 0)
                    _sources.Remove(key);
                return null;
            }

            _all = _all.Plus(one);
            from = from.Plus(one);
            if (!isKnown)
                _strangers = _strangers.Plus(one);
            return new ConnectionPlace(this, key, withHandshake, isKnown);
        }
    }

    /// <summary>Gives back what a place has held.</summary>
    public void Release(IPAddress key, int connections, int handshakes, bool isKnown)
    {
        var less = new Count(-connections, -handshakes);
        lock (_gate)
        {
            _all = _all.Plus(less);
            if (!isKnown)
                _strangers = _strangers.Plus(less);
            ref var from = ref CollectionsMarshal.GetValueRefOrNullRef(_sources, key);
            from = from.Plus(less);
            if (from.Connections == 0)
                _sources.Remove(key);
        }
    }

    /// <summary>A stranger, whose handshake is done, has turned out to be a peer.</summary>
    public void Promote()
    {
        lock (_gate)
            _strangers = _strangers.Plus(new Count(-1, 0));
    }

    private static bool HasRoom(Count taken, Count one, int connections, int handshakes) =>
        taken.Connections < connections && (one.Handshakes == 0 || taken.Handshakes < handshakes);

    private static int Share(int most, int part) => Math.Max(most / part, 1);

    /// <summary>An IPv6 host has a /64 for itself: its addresses are one source.</summary>
    private static IPAddress KeyOf(IPAddress source)
    {
        if (source.IsIPv4MappedToIPv6)
            return source.MapToIPv4();
        if (source.AddressFamily != AddressFamily.InterNetworkV6 || source.IsIPv6LinkLocal)
            return source;
        Span<byte> octets = stackalloc byte[16];
        source.TryWriteBytes(octets, out _);
        octets[8..].Clear();
        return new IPAddress(octets);
    }

    private readonly record struct Count(int Connections, int Handshakes)
    {
        public Count Plus(Count other) => new(Connections + other.Connections, Handshakes + other.Handshakes);
    }
}
