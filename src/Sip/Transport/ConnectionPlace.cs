using System.Net;

namespace VoiceGateway.Sip;

/// <summary>One accepted connection's place in the <see cref="ConnectionLedger"/>, until disposed of.</summary>
internal sealed class ConnectionPlace(ConnectionLedger ledger, IPAddress source, bool withHandshake, bool isKnown) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _isKnown = isKnown;
    private int _handshakes = withHandshake ? 1 : 0;
    private int _connections = 1;

    public void HandshakeDone()
    {
        lock (_gate)
            Release(connections: 0);
    }

    /// <summary>It no longer counts among the strangers' places.</summary>
    public void Promote()
    {
        lock (_gate)
        {
            Release(connections: 0);
            if (!_isKnown && _connections == 1)
                ledger.Promote();
            _isKnown = true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
            Release(_connections);
    }

    private void Release(int connections)
    {
        if (connections > 0 || _handshakes > 0)
            ledger.Release(source, connections, _handshakes, _isKnown);
        _handshakes = 0;
        _connections -= connections;
    }
}
