using System.Buffers;
using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>
/// Base64 text of a message to whole samples. The server cuts its audio anywhere: the odd byte of one chunk is the first
/// of the next, until the turn ends.
/// </summary>
internal sealed class DownlinkAudio(ArrayPool<byte> pool, LiveSessionCounters counters) : IDisposable
{
    private const int UsualBytes = 16 * 1024;

    private readonly PooledBuffer _pcm = new(pool, UsualBytes);
    private readonly PooledBuffer _unescaped = new(pool, 256);
    private readonly PooledBuffer _cleaned = new(pool, 256);
    private byte _carry;
    private bool _hasCarry;

    /// <returns>s16le, whole samples, valid until the next call; empty when there are none.</returns>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> base64, bool escaped)
    {
        _pcm.Clear();
        if (escaped) base64 = Unescape(base64);

        int carried = _hasCarry ? 1 : 0;
        _pcm.EnsureCapacity(carried + Base64Text.MaxBytes(base64.Length));
        bool readable = Base64Text.TryDecode(base64, _pcm.Array[carried..], _cleaned, out int decoded);
        _unescaped.Clear();
        _cleaned.Clear();
        if (!readable)
        {
            counters.MalformedAudioCount++;
            return default;
        }

        Span<byte> pcm = _pcm.Array[..(carried + decoded)];
        if (_hasCarry) pcm[0] = _carry;
        _hasCarry = pcm.Length % 2 != 0;
        if (_hasCarry)
        {
            _carry = pcm[^1];
            pcm = pcm[..^1];
        }

        return pcm;
    }

    /// <summary>The next chunk begins a new stream.</summary>
    public void Restart()
    {
        if (_hasCarry) counters.OddBytesDiscardedCount++;
        _hasCarry = false;
    }

    /// <summary>What was decoded has been heard.</summary>
    public void Release() => _pcm.Release();

    public void Dispose()
    {
        _pcm.Dispose();
        _unescaped.Dispose();
        _cleaned.Dispose();
    }

    // The text lies between its quotes in the receive buffer, so a reader over the quoted text can undo the escapes.
    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        _unescaped.EnsureCapacity(2 * text.Length + 2);
        Span<byte> quoted = _unescaped.Array.Slice(text.Length, text.Length + 2);
        quoted[0] = (byte)'"';
        text.CopyTo(quoted[1..]);
        quoted[^1] = (byte)'"';

        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        int length = reader.CopyString(_unescaped.Array[..text.Length]);
        return _unescaped.Array[..length];
    }
}
