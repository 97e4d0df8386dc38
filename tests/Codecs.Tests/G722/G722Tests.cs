using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace VoiceGateway.Codecs.Tests;

public class G722Tests
{
    // Of what libspandsp makes of the same (G722AgainstSpandspTests says that it does): judged where it is missing, too.
    private const string GoldenCodes = "44E995477BF7E6BBD60B07B270137A62B3E82CF6E8342ADEBE179E1E7C129D19";
    private const string GoldenPcm = "72BAF505ED7B52CE7C29A85CA1E1932CF9F88675F404C3FB3BB1DFD4CF25D5C1";

    [Fact]
    public void Encode_GoldenSignal_HasTheGoldenDigest() => Assert.Equal(GoldenCodes, Digest(Encoded([.. GoldenSignal(), .. Loudest()])));

    [Fact]
    public void Decode_GoldenSignal_HasTheGoldenDigest() => Assert.Equal(GoldenPcm, Digest(MemoryMarshal.AsBytes<short>(Decoded(Encoded(GoldenSignal())))));

    [SkippableFact]
    public void GoldenSignal_BySpandsp_IsTheSame()
    {
        Spandsp.Require();
        using var judge = new SpandspG722();
        var codes = judge.Encode([.. GoldenSignal(), .. Loudest()]);
        Assert.Equal(GoldenCodes, Digest(codes));
        Assert.Equal(GoldenPcm, Digest(MemoryMarshal.AsBytes<short>(judge.Decode(codes[..(GoldenSignal().Length / 2)]))));
    }

    [Fact]
    public void EncodeAndDecode_InChunks_EqualsWhole()
    {
        var pcm = GoldenSignal();
        var codes = Encoded(pcm);
        var samples = Decoded(codes);
        var (random, codec) = (new Random(5), new G722Codec());
        var (chunkedCodes, chunkedSamples) = (new List<byte>(), new List<short>());
        for (var at = 0; at < pcm.Length;)
        {
            var part = pcm.AsSpan(at, Math.Min(2 * random.Next(0, 400), pcm.Length - at));
            var payload = new byte[part.Length / 2];
            Assert.Equal(payload.Length, codec.Encode(part, payload));
            chunkedCodes.AddRange(payload);
            var decoded = new short[part.Length];
            Assert.Equal(decoded.Length, codec.Decode(payload, decoded));
            chunkedSamples.AddRange(decoded);
            at += part.Length;
        }
        Assert.Equal(codes, chunkedCodes);
        Assert.Equal(samples, chunkedSamples);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(3000)]
    [InlineData(5000)]
    [InlineData(6800)]
    public void EncodeAndDecode_Tone_ComesBackAsLoud(double frequencyHz)
    {
        var heard = Decoded(Encoded(Signal.Sine(frequencyHz, -15, 16000, 32000)));
        Assert.InRange(SineFit.LevelDbov(heard.AsSpan(16000), frequencyHz, 16000), -15.5, -14.5);
    }

    [Fact]
    public void Level_EveryStep_IsTheSameBySearch()
    {
        foreach (var step in G722Step.Low.Distinct())
            for (var magnitude = 0; magnitude <= short.MaxValue; magnitude += Math.Max(1, step / 400))
                Assert.Equal(G722Quantizer.LevelBySearch(magnitude, step), G722Quantizer.Level(magnitude, step));
    }

    [Fact]
    public void SilenceCode_Decoded_IsSilence()
    {
        var codes = new byte[160];
        codes.AsSpan().Fill(new G722Codec().SilenceCode);
        Assert.All(Decoded(codes), static s => Assert.Equal(0, s));
    }

    [Fact]
    public void SilenceCode_AfterSpeech_SoonIsSilence()
    {
        var codec = new G722Codec();
        var loud = Encoded(Signal.Sine(1000, -6, 16000, 16000));
        codec.Decode(loud, new short[2 * loud.Length]);
        var codes = new byte[8000];
        codes.AsSpan().Fill(codec.SilenceCode);
        var heard = new short[16000];
        codec.Decode(codes, heard);
        Assert.InRange(Signal.LevelDbov(heard.AsSpan(3200)), double.NegativeInfinity, -50);
    }

    [Fact]
    public void Reset_AfterAnotherStream_IsAsFresh()
    {
        var (used, fresh) = (new G722Codec(), new G722Codec().Fresh());
        var pcm = Signal.WhiteNoise(-10, 3200);
        var (a, b) = (new byte[1600], new byte[1600]);
        used.Encode(Signal.Sine(2000, -3, 16000, 3200), a);
        used.Decode(a, new short[3200]);
        used.Reset();
        used.Encode(pcm, a);
        fresh.Encode(pcm, b);
        Assert.Equal(b, a);
        var (x, y) = (new short[3200], new short[3200]);
        used.Decode(a, x);
        fresh.Decode(b, y);
        Assert.Equal(y, x);
    }

    [Fact]
    public void Codec_Description_IsWhatRtpNeeds()
    {
        var codec = new G722Codec();
        Assert.True(codec.HasState);
        Assert.NotSame(codec, codec.Fresh());
        Assert.Equal(("G722", 16000), (codec.EncodingName, codec.SampleRateHz));
        Assert.Equal((160, 320), (codec.PayloadBytes(320), codec.MaxSamples(160)));
        Assert.Equal("G722/16000", codec.ToString());
    }

    [Fact]
    public void Codec_DestinationTooSmallOrHalfAPair_ThrowsAndChangesNothing()
    {
        var (codec, untouched) = (new G722Codec(), new G722Codec());
        var (codes, pcm) = (new byte[99], new short[199]);
        Assert.Throws<ArgumentException>(() => codec.Encode(new short[200], codes));
        Assert.Throws<ArgumentException>(() => codec.Encode(new short[99], codes));
        Assert.Throws<ArgumentException>(() => codec.Decode(new byte[100], pcm));
        Assert.All(codes, static c => Assert.Equal(0, c));
        Assert.All(pcm, static s => Assert.Equal(0, s));
        var (noise, a, b) = (Signal.WhiteNoise(-10, 198), new byte[99], new byte[99]);
        codec.Encode(noise, a);
        untouched.Encode(noise, b);
        Assert.Equal(b, a);
    }

    [Fact]
    public void Codec_Frames_AllocateNothing()
    {
        var (codec, pcm, codes) = (new G722Codec(), Signal.WhiteNoise(-20, 960), new byte[480]);
        Assert.Equal(0, Allocations.Of(() =>
        {
            codec.Encode(pcm, codes);
            codec.Decode(codes, pcm);
        }));
    }

    /// <summary>Made of integers only, so that it is the same on every machine: noise of every level, a square wave, clicks, silence, a voice.</summary>
    private static short[] GoldenSignal()
    {
        var pcm = new List<short>();
        var random = 1u;
        for (var shift = 15; shift > 0; shift--)
            for (var i = 0; i < 3200; i++) pcm.Add((short)((int)(random = random * 1664525 + 1013904223) >> (16 + shift)));
        for (var i = 0; i < 16000; i++) pcm.Add((short)(i / 8 % 2 == 0 ? 12000 : -12000));
        for (var i = 0; i < 16000; i++) pcm.Add((short)(i % 801 == 0 ? -16000 : 0));
        pcm.AddRange(new short[16000]);
        pcm.AddRange(WavReader.Read(TestData.PathOf("codecs", "sentence.wav")).Samples);
        if (pcm.Count % 2 != 0) pcm.Add(0);
        return [.. pcm];
    }

    // What comes out of it does not fit 16 bits, and libspandsp lets it wrap: judged as a bit stream only.
    private static short[] Loudest() =>
        [.. Enumerable.Range(0, 16000).Select(static i => i / (1 + i / 1000) % 2 == 0 ? short.MaxValue : short.MinValue)];

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private static byte[] Encoded(short[] pcm)
    {
        var codes = new byte[pcm.Length / 2];
        new G722Codec().Encode(pcm, codes);
        return codes;
    }

    private static short[] Decoded(byte[] codes)
    {
        var pcm = new short[2 * codes.Length];
        new G722Codec().Decode(codes, pcm);
        return pcm;
    }
}
