using System.Buffers.Binary;

namespace VoiceGateway.Codecs.Tests;

public class G711Tests
{
    // Longer than one vector of any width by every remainder, so that the vector body and the scalar tail both meet all inputs.
    private static readonly short[] EveryShort = [.. Enumerable.Range(0, 65536).Select(i => (short)(ushort)i)];
    private static readonly byte[] EveryByte = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    private static readonly byte[] Golden = TestData.Read("g711", "itu_tables.bin");

    public static TheoryData<string> Laws => ["PCMU", "PCMA"];

    [Theory, MemberData(nameof(Laws))]
    public void Encode_EveryInputAtOnce_MatchesItuTable(string law)
    {
        var codes = new byte[65536];
        Assert.Equal(65536, Codec(law).Encode(EveryShort, codes));
        Assert.Equal(GoldenCodes(law), codes);
    }

    [Theory, MemberData(nameof(Laws))]
    public void Encode_OneSampleAtATime_MatchesItuTable(string law)
    {
        var codes = new byte[65536];
        for (var i = 0; i < codes.Length; i++)
            Codec(law).Encode(EveryShort.AsSpan(i, 1), codes.AsSpan(i, 1));
        Assert.Equal(GoldenCodes(law), codes);
    }

    [Theory, MemberData(nameof(Laws))]
    public void Decode_EveryCodeAtOnce_MatchesItuTable(string law)
    {
        var pcm = new short[256];
        Assert.Equal(256, Codec(law).Decode(EveryByte, pcm));
        Assert.Equal(GoldenPcm(law), pcm);
    }

    [Theory, MemberData(nameof(Laws))]
    public void Decode_OneCodeAtATime_MatchesItuTable(string law)
    {
        var pcm = new short[256];
        for (var i = 0; i < pcm.Length; i++)
            Codec(law).Decode(EveryByte.AsSpan(i, 1), pcm.AsSpan(i, 1));
        Assert.Equal(GoldenPcm(law), pcm);
    }

    [Theory, MemberData(nameof(Laws))]
    public void EncodeAndDecode_EveryLengthUpTo200_TouchNothingBeyondIt(string law)
    {
        var golden = GoldenCodes(law);
        var expanded = GoldenPcm(law);
        for (var length = 0; length <= 200; length++)
        {
            var pcm = EveryShort.AsSpan(length * 300, length);
            var codes = new byte[length + 64];
            codes.AsSpan().Fill(0x33);
            Assert.Equal(length, Codec(law).Encode(pcm, codes));
            Assert.True(codes.AsSpan(0, length).SequenceEqual(golden.AsSpan(length * 300, length)));
            Assert.Equal(-1, codes.AsSpan(length).IndexOfAnyExcept((byte)0x33));

            var decoded = new short[length + 64];
            decoded.AsSpan().Fill(0x3333);
            Assert.Equal(length, Codec(law).Decode(codes.AsSpan(0, length), decoded));
            for (var i = 0; i < length; i++)
                Assert.Equal(expanded[codes[i]], decoded[i]);
            Assert.Equal(-1, decoded.AsSpan(length).IndexOfAnyExcept((short)0x3333));
        }
    }

    [Theory, MemberData(nameof(Laws))]
    public void DecodeThenEncode_EveryCode_ComesBack(string law)
    {
        var pcm = new short[256];
        var codes = new byte[256];
        Codec(law).Decode(EveryByte, pcm);
        Codec(law).Encode(pcm, codes);
        for (var code = 0; code < 256; code++)
        {
            // µ-law has two zeros, and the encoder knows only the positive one.
            var expected = law == "PCMU" && code == 0x7F ? 0xFF : code;
            Assert.Equal(expected, codes[code]);
        }
    }

    [Theory, MemberData(nameof(Laws))]
    public void SilenceCode_Decoded_IsTheSmallestPositiveValue(string law)
    {
        var codec = Codec(law);
        var code = new byte[1];
        codec.Encode([0], code);
        Assert.Equal(codec.SilenceCode, code[0]);
        var pcm = new short[1];
        codec.Decode([codec.SilenceCode], pcm);
        Assert.InRange(pcm[0], 0, 8);
    }

    [Theory, MemberData(nameof(Laws))]
    public void Codec_DestinationTooSmall_ThrowsAndWritesNothing(string law)
    {
        var codes = new byte[99];
        var pcm = new short[99];
        Assert.Throws<ArgumentException>(() => Codec(law).Encode(new short[100], codes));
        Assert.Throws<ArgumentException>(() => Codec(law).Decode(new byte[100], pcm));
        Assert.All(codes, c => Assert.Equal(0, c));
        Assert.All(pcm, s => Assert.Equal(0, s));
    }

    [Theory, MemberData(nameof(Laws))]
    public void Codec_Frames_AllocateNothing(string law)
    {
        var (pcm, codes) = (new short[160], new byte[160]);
        Assert.Equal(0, Allocations.Of(() =>
        {
            Codec(law).Encode(pcm, codes);
            Codec(law).Decode(codes, pcm);
        }));
    }

    [Theory]
    [InlineData("PCMU", 0xFF)]
    [InlineData("PCMA", 0xD5)]
    public void Codec_Description_IsWhatSdpAndRtpNeed(string law, int silence)
    {
        var codec = Codec(law);
        Assert.Equal(law, codec.EncodingName);
        Assert.Equal(8000, codec.SampleRateHz);
        Assert.Equal(silence, codec.SilenceCode);
        Assert.Equal(160, codec.MaxSamples(160));
        Assert.Equal(160, codec.PayloadBytes(160));
        Assert.Equal($"{law}/8000", codec.ToString());
    }

    private static SpeechCodec Codec(string law) => law == "PCMU" ? G711Codec.MuLaw : G711Codec.ALaw;

    private static byte[] GoldenCodes(string law) => Golden[law == "PCMU" ? ..65536 : 65536..131072];

    private static short[] GoldenPcm(string law)
    {
        var table = Golden.AsSpan(law == "PCMU" ? 131072 : 131072 + 512, 512);
        var pcm = new short[256];
        for (var i = 0; i < pcm.Length; i++)
            pcm[i] = BinaryPrimitives.ReadInt16LittleEndian(table[(2 * i)..]);
        return pcm;
    }
}
