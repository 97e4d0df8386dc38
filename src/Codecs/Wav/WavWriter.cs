using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs;

/// <summary>
/// Writes 16-bit PCM as a RIFF/WAVE file. The sizes in the header are filled in by <see cref="Flush"/> and on disposal;
/// until then they are zero, which <see cref="WavReader"/> and most players take for "to the end of the file".
/// </summary>
public sealed class WavWriter : IDisposable
{
    private const int HeaderBytes = 44;

    // RIFF sizes have 32 bits, and the RIFF chunk's own counts the 36 bytes after it too.
    private const long MaxDataBytes = uint.MaxValue - (HeaderBytes - 8) - 1;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly long _start;
    private readonly int _sampleRateHz;
    private readonly int _channels;
    private long _dataBytes;
    private bool _disposed;

    /// <param name="stream">Writable and seekable; the file starts at its position.</param>
    /// <param name="sampleRateHz">Sample instants a second.</param>
    /// <param name="channels">1 is mono.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public WavWriter(Stream stream, int sampleRateHz, int channels, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRateHz);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 32);
        if (!stream.CanSeek || !stream.CanWrite)
            throw new ArgumentException("The sizes in a WAV header are filled in last, so the stream must be seekable and writable.", nameof(stream));

        _stream = stream;
        _leaveOpen = leaveOpen;
        _start = stream.Position;
        _sampleRateHz = sampleRateHz;
        _channels = channels;
        WriteHeader(dataBytes: 0, riffBytes: 0);
    }

    public int SampleRateHz => _sampleRateHz;

    public int Channels => _channels;

    /// <summary>What has been written so far.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)(_dataBytes / (2 * _channels)) / _sampleRateHz);

    /// <param name="interleaved">Whole frames: one sample of each channel in turn.</param>
    /// <exception cref="IOException">The file would grow beyond the 4 GB that its header can express; nothing was written.</exception>
    public void Write(ReadOnlySpan<short> interleaved)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (interleaved.Length % _channels != 0)
            throw new ArgumentException($"{interleaved.Length} samples are no whole number of {_channels}-channel frames.", nameof(interleaved));
        if (_dataBytes + 2L * interleaved.Length > MaxDataBytes)
            throw new IOException("A WAV file cannot hold more than 4 GB.");

        if (BitConverter.IsLittleEndian)
            _stream.Write(MemoryMarshal.AsBytes(interleaved));
        else
            WriteReversed(interleaved);
        _dataBytes += 2L * interleaved.Length;
    }

    /// <summary>Makes what has been written so far a complete file, in case the process does not live to dispose the writer.</summary>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        PatchHeader();
        _stream.Flush();
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            PatchHeader();
            _stream.Flush();
        }
        finally
        {
            if (!_leaveOpen)
                _stream.Dispose();
        }
    }

    private void PatchHeader()
    {
        var end = _start + HeaderBytes + _dataBytes;
        _stream.Position = _start;
        WriteHeader((uint)_dataBytes, (uint)(_dataBytes + HeaderBytes - 8));
        _stream.Position = end;
    }

    private void WriteHeader(uint dataBytes, uint riffBytes)
    {
        var bytesPerFrame = 2 * _channels;
        Span<byte> header = stackalloc byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], riffBytes);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], 1); // WAVE_FORMAT_PCM
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)_channels);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], (uint)_sampleRateHz);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], (uint)(_sampleRateHz * bytesPerFrame));
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], (ushort)bytesPerFrame);
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], dataBytes);
        _stream.Write(header);
    }

    private void WriteReversed(ReadOnlySpan<short> samples)
    {
        Span<short> reversed = stackalloc short[256];
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, reversed.Length);
            BinaryPrimitives.ReverseEndianness(samples[..count], reversed);
            _stream.Write(MemoryMarshal.AsBytes(reversed[..count]));
            samples = samples[count..];
        }
    }
}
