using System.Buffers;
using System.Runtime.InteropServices;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Uplink samples that the network has not taken yet. Bounded: when full, the oldest go. Positions count samples from
/// the start of the session, so that a control message can be placed between two of them. Rents its memory with
/// the first sample, for most sessions never queue any. Not thread-safe: <see cref="LiveWriter"/> holds its gate.
/// </summary>
internal sealed class AudioRing(ArrayPool<byte> pool, int capacitySamples)
{
    private byte[]? _buffer;

    /// <summary>Position behind the newest sample.</summary>
    public long End { get; private set; }

    /// <summary>Position of the oldest sample.</summary>
    public long Start { get; private set; }

    public int Count => (int)(End - Start);

    /// <returns>How many samples were lost to make room.</returns>
    public int Write(ReadOnlySpan<short> pcm)
    {
        int dropped = 0;
        if (pcm.Length > capacitySamples)
        {
            dropped = pcm.Length - capacitySamples;
            pcm = pcm[dropped..];
        }

        int overflow = Math.Max(0, Count + pcm.Length - capacitySamples);
        Start += overflow;

        Span<short> ring = Samples();
        int at = (int)(End % capacitySamples);
        int first = Math.Min(pcm.Length, capacitySamples - at);
        pcm[..first].CopyTo(ring[at..]);
        pcm[first..].CopyTo(ring);
        End += pcm.Length;
        return dropped + overflow;
    }

    /// <summary>Takes the oldest samples; <paramref name="destination"/> must not be longer than <see cref="Count"/>.</summary>
    public void Read(Span<short> destination)
    {
        ReadOnlySpan<short> ring = Samples();
        int at = (int)(Start % capacitySamples);
        int first = Math.Min(destination.Length, capacitySamples - at);
        ring.Slice(at, first).CopyTo(destination);
        ring[..(destination.Length - first)].CopyTo(destination[first..]);
        Start += destination.Length;
    }

    /// <summary>Forgets what is queued and returns the memory.</summary>
    public void Release()
    {
        Start = End;
        if (_buffer is null) return;

        pool.Return(_buffer);
        _buffer = null;
    }

    private Span<short> Samples()
    {
        _buffer ??= pool.Rent(capacitySamples * sizeof(short));
        return MemoryMarshal.Cast<byte, short>(_buffer.AsSpan(0, capacitySamples * sizeof(short)));
    }
}
