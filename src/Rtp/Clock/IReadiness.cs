using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>
/// Which sockets have something to read. Add and Remove come from any thread, one at a time; Collect from the clock thread, at the same time.
/// </summary>
internal interface IReadiness : IDisposable
{
    void Add(Socket socket, long token);

    /// <summary>Also for a socket that is closed already.</summary>
    void Remove(Socket socket, long token);

    /// <summary>Fills in tokens of readable sockets without waiting; level-triggered: what is not read comes again.</summary>
    int Collect(Span<long> tokens);
}
