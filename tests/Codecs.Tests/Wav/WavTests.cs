using System.Buffers.Binary;

namespace VoiceGateway.Codecs.Tests;

public class WavTests
{
    private static readonly short[] Stereo = [1, -1, 256, -256, short.MaxValue, short.MinValue, 0, 7];

    [Theory]
    [InlineData(1, 8000)]
    [InlineData(2, 16000)]
    [InlineData(4, 48000)]
    public void WriterThenReader_GiveBackTheSamples(int channels, int sampleRateHz)
    {
        var file = Written(Stereo, sampleRateHz, channels);
        Assert.Equal(44 + 2 * Stereo.Length, file.Length);
        var audio = WavReader.Read(new MemoryStream(file));
        Assert.Equal(Stereo, audio.Samples);
        Assert.Equal((sampleRateHz, channels), (audio.SampleRateHz, audio.Channels));
        Assert.Equal(8.0 / channels / sampleRateHz, audio.Duration.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Writer_Header_IsTheCanonical44Bytes()
    {
        var file = Written(Stereo, 16000, 2);
        Assert.True(file.AsSpan(0, 4).SequenceEqual("RIFF"u8));
        Assert.Equal(file.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)));
        Assert.True(file.AsSpan(8, 8).SequenceEqual("WAVEfmt "u8));
        byte[] format = [16, 0, 0, 0, 1, 0, 2, 0, 0x80, 0x3E, 0, 0, 0, 0xFA, 0, 0, 4, 0, 16, 0];
        Assert.Equal(format, file[16..36]);
        Assert.True(file.AsSpan(36, 4).SequenceEqual("data"u8));
        Assert.Equal(16, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(40)));
    }

    [Fact]
    public void Writer_NotAtTheStreamsStart_PatchesItsOwnHeader()
    {
        var stream = new MemoryStream();
        stream.Write([9, 9, 9]);
        using (var writer = new WavWriter(stream, 8000, 1, leaveOpen: true))
            writer.Write(Stereo);
        Assert.Equal(stream.Length, stream.Position);
        stream.Position = 3;
        Assert.Equal(Stereo, WavReader.Read(stream).Samples);
        Assert.Equal(new byte[] { 9, 9, 9 }, stream.ToArray()[..3]);
    }

    [Fact]
    public void Writer_NeverDisposed_IsReadableBeforeAndAfterFlush()
    {
        var stream = new MemoryStream();
        var writer = new WavWriter(stream, 8000, 2);
        writer.Write(Stereo);
        Assert.Equal(Stereo, WavReader.Read(new MemoryStream(stream.ToArray())).Samples);
        writer.Flush();
        writer.Write(Stereo);
        Assert.Equal(TimeSpan.FromMilliseconds(1), writer.Duration);
        Assert.Equal(Stereo, WavReader.Read(new MemoryStream(stream.ToArray())).Samples);
        writer.Dispose();
        writer.Dispose();
        Assert.Equal([.. Stereo, .. Stereo], WavReader.Read(new MemoryStream(stream.ToArray())).Samples);
        Assert.False(stream.CanWrite);
        Assert.Throws<ObjectDisposedException>(() => writer.Write(Stereo));
    }

    [Fact]
    public void Writer_WrongArguments_Throw()
    {
        using var writer = new WavWriter(new MemoryStream(), 8000, 2);
        Assert.Throws<ArgumentException>(() => writer.Write(new short[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WavWriter(new MemoryStream(), 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WavWriter(new MemoryStream(), 8000, 0));
        Assert.Throws<ArgumentException>(() => new WavWriter(new MemoryStream([], writable: false), 8000, 1));
    }

    [Fact]
    public void Writer_Frames_AllocateNothing()
    {
        using var writer = new WavWriter(new MemoryStream(new byte[1_000_000]), 8000, 1);
        var frame = new short[160];
        Assert.Equal(0, Allocations.Of(() => writer.Write(frame)));
    }

    [Fact]
    public void Reader_FileByPath_NamesThePathWhenItIsNoWav()
    {
        var audio = WavReader.Read(TestData.PathOf("codecs", "yes.wav"));
        Assert.Equal((8000, 1, 5071), (audio.SampleRateHz, audio.Channels, audio.Samples.Length));
        var path = TestData.PathOf("codecs", "README.md");
        var e = Assert.Throws<InvalidDataException>(() => WavReader.Read(path));
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        Assert.Contains("\"# Sp\"", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, "PCMU")]
    [InlineData(6, "PCMA")]
    public void Reader_G711_IsDecoded(ushort tag, string law)
    {
        SpeechCodec codec = law == "PCMU" ? G711Codec.MuLaw : G711Codec.ALaw;
        var codes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var expected = new short[256];
        codec.Decode(codes, expected);
        Assert.Equal(expected, Read(Riff(Format(tag, 1, 8000, 8), Chunk("data", codes))).Samples);
        Assert.Equal(expected, Read(Riff(Extensible(tag, 1, 8000, 8), Chunk("data", codes))).Samples);
    }

    [Fact]
    public void Reader_ExtensiblePcm_IsRead()
    {
        var audio = Read(Riff(Extensible(1, 2, 48000, 16), Chunk("data", [1, 0, 2, 0])));
        Assert.Equal(new short[] { 1, 2 }, audio.Samples);
        Assert.Equal(2, audio.Channels);
        Assert.Equal(new short[] { 2 }, audio.Channel(1));
    }

    [Fact]
    public void Reader_UnknownChunksOfOddLength_AreSkipped()
    {
        var audio = Read(Riff(
            Chunk("LIST", new byte[2001]), Format(1, 1, 8000, 16), Chunk("fact", [1, 2, 3, 4]), Chunk("odd ", [1]),
            Chunk("data", [1, 0, 2, 0]), Chunk("LIST", [5, 6])));
        Assert.Equal(new short[] { 1, 2 }, audio.Samples);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(uint.MaxValue)]
    [InlineData(0x7FFFF000)]
    [InlineData(1000)]
    public void Reader_DataSizeUnknownOrTooLarge_GivesWhatIsThere(uint size)
    {
        var file = Riff(Format(1, 1, 8000, 16), Chunk("data", [1, 0, 2, 0, 3, 0]));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(file.Length - 10), size);
        Assert.Equal(new short[] { 1, 2, 3 }, Read(file).Samples);
    }

    [Fact]
    public void Reader_FileCutInsideAFrame_GivesTheWholeFrames()
    {
        var file = Riff(Format(1, 2, 8000, 16), Chunk("data", [1, 0, 2, 0, 3, 0, 4, 0]));
        Assert.Equal(new short[] { 1, 2 }, Read(file[..^1]).Samples);
        Assert.Equal(new short[] { 1, 2 }, Read(file[..^3]).Samples);
        Assert.Empty(Read(file[..^8]).Samples);
    }

    [Fact]
    public void Reader_EveryTruncation_GivesSamplesOrAClearError()
    {
        var file = Riff(Chunk("LIST", [1, 2, 3]), Extensible(1, 1, 8000, 16), Chunk("data", [1, 0, 2, 0]));
        for (var length = 0; length < file.Length; length++)
        {
            try
            {
                Assert.InRange(Read(file[..length]).Samples.Length, 0, 2);
            }
            catch (InvalidDataException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void Reader_RandomDamage_NeverThrowsAnythingElse()
    {
        var random = new Random(5);
        var whole = Riff(Format(1, 1, 8000, 16), Chunk("LIST", [1, 2, 3]), Chunk("data", new byte[64]));
        for (var i = 0; i < 20_000; i++)
        {
            var file = whole.ToArray();
            for (var k = random.Next(1, 4); k > 0; k--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            try
            {
                Read(file);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void Reader_WhatItDoesNotRead_IsSaidClearly()
    {
        AssertError("Too short", [1, 2, 3]);
        AssertError("\"RIFX\"", [.. "RIFX"u8, 0, 0, 0, 0, .. "WAVE"u8]);
        AssertError("\"AVI \"", [.. "RIFF"u8, 0, 0, 0, 0, .. "AVI "u8]);
        AssertError("before a fmt chunk", Riff());
        AssertError("before a data chunk", Riff(Format(1, 1, 8000, 16)));
        AssertError("before any fmt chunk", Riff(Chunk("data", [0, 0])));
        AssertError("0x0055", Riff(Format(0x55, 1, 8000, 16), Chunk("data", [])));
        AssertError("24 bits", Riff(Format(1, 1, 8000, 24), Chunk("data", [])));
        AssertError("0 channels", Riff(Format(1, 0, 8000, 16), Chunk("data", [])));
        AssertError("0 Hz", Riff(Format(1, 1, 0, 16), Chunk("data", [])));
        AssertError("10 bytes", Riff(Chunk("fmt ", new byte[10])));
        AssertError("sub-format", Riff(Chunk("fmt ", [0xFE, 0xFF, 1, 0, 0x40, 0x1F, 0, 0, 0, 0, 0, 0, 2, 0, 16, 0])));
        AssertError("inside the fmt chunk", Riff(Format(1, 1, 8000, 16))[..^4]);
    }

    [Fact]
    public void Reader_StreamThatDoesNotSeekAndGivesOneByteAtATime_IsRead()
    {
        var file = Riff(Chunk("LIST", [1, 2, 3]), Format(1, 1, 8000, 16), Chunk("data", [1, 0, 2, 0]));
        using var stream = new TricklingStream(file);
        Assert.Equal(new short[] { 1, 2 }, WavReader.Read(stream).Samples);
    }

    private static void AssertError(string expected, byte[] file) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Read(file)).Message, StringComparison.Ordinal);

    private static WavAudio Read(byte[] file) => WavReader.Read(new MemoryStream(file));

    private static byte[] Written(short[] samples, int sampleRateHz, int channels)
    {
        var stream = new MemoryStream();
        using (var writer = new WavWriter(stream, sampleRateHz, channels))
        {
            writer.Write(samples.AsSpan(0, 4));
            writer.Write(samples.AsSpan(4));
        }
        return stream.ToArray();
    }

    private static byte[] Riff(params byte[][] chunks) => [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. chunks.SelectMany(c => c)];

    private static byte[] Chunk(string id, byte[] content)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, content.Length);
        return [.. id.Select(c => (byte)c), .. size, .. content, .. new byte[content.Length % 2]];
    }

    private static byte[] Format(ushort tag, ushort channels, int sampleRateHz, ushort bits) =>
        Chunk("fmt ", FormatFields(tag, channels, sampleRateHz, bits));

    private static byte[] Extensible(ushort subFormat, ushort channels, int sampleRateHz, ushort bits) =>
        Chunk("fmt ",
        [
            .. FormatFields(0xFFFE, channels, sampleRateHz, bits), 22, 0, (byte)bits, 0, 0, 0, 0, 0,
            (byte)subFormat, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71,
        ]);

    private static byte[] FormatFields(ushort tag, ushort channels, int sampleRateHz, ushort bits)
    {
        var fields = new byte[16];
        var bytesPerFrame = channels * bits / 8;
        BinaryPrimitives.WriteUInt16LittleEndian(fields, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(fields.AsSpan(2), channels);
        BinaryPrimitives.WriteInt32LittleEndian(fields.AsSpan(4), sampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(fields.AsSpan(8), sampleRateHz * bytesPerFrame);
        BinaryPrimitives.WriteUInt16LittleEndian(fields.AsSpan(12), (ushort)bytesPerFrame);
        BinaryPrimitives.WriteUInt16LittleEndian(fields.AsSpan(14), bits);
        return fields;
    }

    private sealed class TricklingStream(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
