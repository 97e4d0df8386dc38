namespace VoiceGateway.Sip;

/// <summary>
/// Pings of ours on one connection (RFC 5626 section 4.4.1). Any byte proves the peer alive; a missing pong proves it dead only where the
/// peer has sent pongs before, or has promised them, because many never do. Guarded by its own lock: bytes arrive on one thread, time on another.
/// </summary>
internal sealed class ConnectionKeepAlive(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _heardAt = time.GetTimestamp();
    private long _pingedAt;
    private bool _isOwed;
    private bool _hasPinged;
    private bool _peerPongs;
    private double _share = NextShare();

    /// <summary>Notes received bytes, and takes a pong from the front of them when they start at a message's boundary.</summary>
    public ReadOnlySpan<byte> Receive(ReadOnlySpan<byte> input, bool isAtBoundary)
    {
        lock (_gate)
        {
            _heardAt = time.GetTimestamp();
            _isOwed = false;
            if (!_hasPinged || !isAtBoundary || !BeginsWithPong(input))
                return input;
            _peerPongs = true;
            return input[2..];
        }
    }

    /// <param name="interval">Silence that calls for a ping; zero: none is wanted.</param>
    /// <param name="patience">How long a pong may take.</param>
    /// <param name="expectsPong">Whether the peer has promised to answer.</param>
    public KeepAliveStep Next(TimeSpan interval, TimeSpan patience, bool expectsPong)
    {
        lock (_gate)
        {
            if (_isOwed && (_peerPongs || expectsPong) && time.GetElapsedTime(_pingedAt) > patience)
                return KeepAliveStep.Dead;
            var wait = interval * _share;
            if (interval <= TimeSpan.Zero || time.GetElapsedTime(_heardAt) < wait || (_hasPinged && time.GetElapsedTime(_pingedAt) < wait))
                return KeepAliveStep.None;
            if (_isOwed && (_peerPongs || expectsPong))
                return KeepAliveStep.None; // the one under way decides
            _pingedAt = time.GetTimestamp();
            _isOwed = _hasPinged = true;
            _share = NextShare();
            return KeepAliveStep.Ping;
        }
    }

    /// <summary>A single CRLF; an even number of them are pings of the peer's.</summary>
    private static bool BeginsWithPong(ReadOnlySpan<byte> input)
    {
        int lineEnds = 0;
        while (input[(2 * lineEnds)..].StartsWith("\r\n"u8))
            lineEnds++;
        return lineEnds % 2 == 1;
    }

    /// <summary>Section 4.4.1: evenly between 80 and 100 %, so that the flows of a crowd do not ping together.</summary>
    private static double NextShare() => 0.8 + (Random.Shared.NextDouble() * 0.2);
}
