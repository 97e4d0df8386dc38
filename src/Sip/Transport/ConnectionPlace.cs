using System.Net;

namespace VoiceGateway.Sip;

/// <summary>One accepted connection's place in the <see cref="ConnectionLedger"/>, until disposed of.</summary>
internal sealed class ConnectionPlace(ConnectionLedger ledger, IPAddress source, bool withHandshake) : IDisposable
{
    private int _handshakes = withHandshake ? 1 : 0;
    private int _connections = 1;

    public void HandshakeDone()
    {
        if (Interlocked.Exchange(ref _handshakes, 0) == 1)
            ledger.Release(source, 0, 1);
    }

    public void Dispose()
    {
        HandshakeDone();
        if (Interlocked.Exchange(ref _connections, 0) == 1)
            ledger.Release(source, 1, 0);
    }
}
