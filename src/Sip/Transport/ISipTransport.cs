using System.Net.Sockets;

namespace VoiceGateway.Sip;

/// <summary>
/// One socket we listen on, with whatever connections belong to it: UDP, TCP, TLS as a TCP transport with another stream; tests
/// have one in memory.
/// </summary>
internal interface ISipTransport : IAsyncDisposable
{
    /// <summary>Kind and address as bound: the real port where 0 was asked for.</summary>
    SipListen Bound { get; }

    AddressFamily Family { get; }

    /// <summary>Starts to receive; <paramref name="sink"/> is called on the receiving thread.</summary>
    void Start(ISipTransportSink sink);

    /// <summary>A flow to the peer: at once for UDP or an open connection, after connecting otherwise. Null when it cannot be reached.</summary>
    ValueTask<SipFlow?> OpenFlowAsync(SipHop hop, CancellationToken cancellationToken);
}
