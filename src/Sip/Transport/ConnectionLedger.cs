using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VoiceGateway.Sip;

/// <summary>How many connections the listeners hold, in all and from whom.</summary>
internal sealed class ConnectionLedger(SipConnectionOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Count> _sources = [];
    private Count _all;

    /// <param name="source">Who connects.</param>
    /// <param name="withHandshake">A TLS handshake comes first, which costs more than a connection.</param>
    /// <returns>A place to be disposed of with the connection; null: there is none.</returns>
    public ConnectionPlace? TryEnter(IPAddress source, bool withHandshake)
    {
        var key = KeyOf(source);
        lock (_gate)
        {
            ref var from = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, key, out _);
            if (_all.Connections >= options.MaxConnections || from.Connections >= options.MaxConnectionsPerSource
                || (withHandshake && (_all.Handshakes >= options.MaxHandshakes || from.Handshakes >= Math.Max(options.MaxHandshakes / 4, 1))))
            {
                if (from.Connections == 0)
                    _sources.Remove(key);
                return null;
            }

            int handshakes = withHandshake ? 1 : 0;
            _all = _all.Plus(1, handshakes);
            from = from.Plus(1, handshakes);
            return new ConnectionPlace(this, key, withHandshake);
        }
    }

    public void Release(IPAddress key, int connections, int handshakes)
    {
        lock (_gate)
        {
            _all = _all.Plus(-connections, -handshakes);
            ref var from = ref CollectionsMarshal.GetValueRefOrNullRef(_sources, key);
            from = from.Plus(-connections, -handshakes);
            if (from.Connections == 0)
                _sources.Remove(key);
        }
    }

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
        public Count Plus(int connections, int handshakes) => new(Connections + connections, Handshakes + handshakes);
    }
}
