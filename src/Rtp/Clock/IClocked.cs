using System.Net.Sockets;

namespace VoiceGateway.Rtp;

/// <summary>
/// What the playout clock drives. Callbacks come on the clock's one thread, one at a time, and must not block: every call waits
/// for the slowest.
/// </summary>
public interface IClocked
{
    /// <summary>Watched for reading as long as the lease lasts; read once, when the leg is added.</summary>
    Socket? ReadableRtp { get; }

    /// <inheritdoc cref="ReadableRtp"/>
    Socket? ReadableRtcp { get; }

    /// <summary>Something waits at <see cref="ReadableRtp"/>: read it without blocking. What is left is announced again with the next tick.</summary>
    void OnReadable();

    /// <summary>Something waits at <see cref="ReadableRtcp"/>.</summary>
    void OnReadableRtcp() => OnReadable();

    /// <summary>Once in a period (20 ms).</summary>
    /// <param name="timestamp20ms">When it was due, in <see cref="System.Diagnostics.Stopwatch"/> ticks; a period after the last one unless ticks were skipped
    /// or the leg has come into another slot.</param>
    void OnTick(long timestamp20ms);

    /// <summary>Whether <see cref="OnHalfTick"/> is wanted now.</summary>
    bool WantsHalfTicks => false;

    /// <summary>Half a period after <see cref="OnTick"/>, where the clock has an even number of slots.</summary>
    void OnHalfTick()
    {
    }

    /// <summary>A callback threw. The leg has been taken off the clock; others go on.</summary>
    void OnFault(Exception exception);
}
