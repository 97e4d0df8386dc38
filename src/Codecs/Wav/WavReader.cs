using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace VoiceGateway.Codecs;

/// <summary>
/// Reads RIFF/WAVE files of 16-bit PCM, µ-law and A-law, plain or WAVE_FORMAT_EXTENSIBLE. Files that end too early, or whose
/// sizes a crashed writer never filled in, give what they hold.
/// </summary>
/// <remarks>Format: "Multimedia Programming Interface and Data Specifications 1.0" (IBM/Microsoft), RFC 2361 for the format tags.</remarks>
public static class WavReader
{
    private const ushort FormatPcm = 0x0001;
    private const ushort FormatALaw = 0x0006;
    private const ushort FormatMuLaw = 0x0007;
    private const ushort FormatExtensible = 0xFFFE;

    private const int MaxFormatChunk = 1024;
    private const int MaxChannels = 32;

    // {xxxxxxxx-0000-0010-8000-00AA00389B71}: a format tag dressed up as a GUID, after its first two bytes.
    private static ReadOnlySpan<byte> SubFormatSuffix => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <exception cref="InvalidDataException">Not a WAV file, or of a kind that is not read here; the message says which and why.</exception>
    public static WavAudio Read(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads from the stream's position on; the stream need not seek and stays open.</summary>
    /// <exception cref="InvalidDataException">Not a WAV file, or of a kind that is not read here; the message says which and why.</exception>
    public static WavAudio Read(Stream stream)
    {
        ReadRiffHeader(stream);

        Format? format = null;
        Span<byte> header = stackalloc byte[8];
        while (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            var id = header[..4];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            if (id.SequenceEqual("fmt "u8))
            {
                format = ReadFormat(stream, size);
            }
            else if (id.SequenceEqual("data"u8))
            {
                if (format is not { } known)
                    throw new InvalidDataException("The data chunk comes before any fmt chunk, so its format is unknown.");
                return new WavAudio(ReadSamples(stream, size, known), known.SampleRateHz, known.Channels);
            }
            else
            {
                Skip(stream, size);
            }
        }
        throw new InvalidDataException(format is null ? "The file ends before a fmt chunk." : "The file ends before a data chunk.");
    }

    private static void ReadRiffHeader(Stream stream)
    {
        Span<byte> riff = stackalloc byte[12];
        if (stream.ReadAtLeast(riff, riff.Length, throwOnEndOfStream: false) < riff.Length)
            throw new InvalidDataException("Too short for a WAV file: the RIFF header takes 12 bytes.");
        // The size in it is not looked at: writers that stream leave it open, and the chunks say all there is to know.
        if (!riff[..4].SequenceEqual("RIFF"u8))
            throw new InvalidDataException($"Not a RIFF file: it starts with \"{Printable(riff[..4])}\".");
        if (!riff[8..].SequenceEqual("WAVE"u8))
            throw new InvalidDataException($"A RIFF file of form \"{Printable(riff[8..])}\", not WAVE.");
    }

    private static Format ReadFormat(Stream stream, uint size)
    {
        if (size is < 16 or > MaxFormatChunk)
            throw new InvalidDataException($"The fmt chunk has {size} bytes; 16 to {MaxFormatChunk} were expected.");
        Span<byte> chunk = stackalloc byte[MaxFormatChunk + 1];
        chunk = chunk[..(int)(size + size % 2)];
        if (stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) < chunk.Length)
            throw new InvalidDataException("The file ends inside the fmt chunk.");

        var tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var sampleRateHz = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var bitsPerSample = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == FormatExtensible)
        {
            if (size < 40 || !chunk[26..40].SequenceEqual(SubFormatSuffix))
                throw new InvalidDataException("WAVE_FORMAT_EXTENSIBLE with a sub-format other than PCM, A-law or µ-law.");
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        if (channels is 0 or > MaxChannels)
            throw new InvalidDataException($"{channels} channels; 1 to {MaxChannels} are read.");
        if (sampleRateHz is 0 or > 768_000)
            throw new InvalidDataException($"A sample rate of {sampleRateHz} Hz.");
        var expectedBits = tag switch
        {
            FormatPcm => 16,
            FormatALaw or FormatMuLaw => 8,
            _ => throw new InvalidDataException($"Format tag 0x{tag:X4}; only 16-bit PCM, A-law and µ-law are read."),
        };
        if (bitsPerSample != expectedBits)
            throw new InvalidDataException($"{bitsPerSample} bits a sample; with format tag 0x{tag:X4} only {expectedBits} are read.");
        return new Format(tag, channels, (int)sampleRateHz);
    }

    private static short[] ReadSamples(Stream stream, uint size, Format format)
    {
        // Sizes of 0 and 0xFFFFFFFF mean that the writer did not come back to fill them in.
        var bytes = ReadUpTo(stream, size is 0 or uint.MaxValue ? long.MaxValue : size);
        var bytesPerFrame = (format.Tag == FormatPcm ? 2 : 1) * format.Channels;
        bytes = bytes[..(bytes.Length / bytesPerFrame * bytesPerFrame)];

        var samples = new short[format.Tag == FormatPcm ? bytes.Length / 2 : bytes.Length];
        switch (format.Tag)
        {
            case FormatMuLaw:
                G711.DecodeMuLaw(bytes, samples);
                break;
            case FormatALaw:
                G711.DecodeALaw(bytes, samples);
                break;
            default:
                bytes.CopyTo(MemoryMarshal.AsBytes(samples.AsSpan()));
                if (!BitConverter.IsLittleEndian)
                    BinaryPrimitives.ReverseEndianness(samples, samples);
                break;
        }
        return samples;
    }

    // The buffer grows with what really arrives: a forged size must not cost memory.
    private static ReadOnlySpan<byte> ReadUpTo(Stream stream, long limit)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (bytes.Length < limit)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, limit - bytes.Length));
            if (read == 0)
                break;
            if (bytes.Length + read > Array.MaxLength)
                throw new InvalidDataException("More than 2 GB of samples do not fit into memory.");
            bytes.Write(buffer, 0, read);
        }
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
    }

    private static void Skip(Stream stream, uint size)
    {
        var left = (long)size + size % 2; // chunks start at even offsets
        Span<byte> discarded = stackalloc byte[512];
        while (left > 0)
        {
            var read = stream.Read(discarded[..(int)Math.Min(discarded.Length, left)]);
            if (read == 0)
                return;
            left -= read;
        }
    }

    private static string Printable(ReadOnlySpan<byte> id)
    {
        var text = new StringBuilder();
        foreach (var b in id)
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '?');
        return text.ToString();
    }

    private readonly record struct Format(ushort Tag, int Channels, int SampleRateHz);
}
