namespace VoiceGateway.Codecs.Tests;

public class StridesTests
{
    [Fact]
    public void SplitAndJoin_EveryLength_AreEachOthersInverse()
    {
        for (var length = 0; length <= 200; length++)
        {
            var source = Signal.WhiteNoise(-3, length + 1, seed: length)[..length];
            var (even, odd, joined) = (Guarded((length + 1) / 2), Guarded(length / 2), Guarded(length / 2 * 2));
            Strides.Split(source, even, odd);
            Assert.Equal(source.Where(static (_, i) => i % 2 == 0), Inside(even, (length + 1) / 2));
            Assert.Equal(source.Where(static (_, i) => i % 2 == 1), Inside(odd, length / 2));
            Strides.Join(even, odd.AsSpan(0, length / 2), joined);
            Assert.Equal(source[..(length / 2 * 2)], Inside(joined, length / 2 * 2));
        }
    }

    [Fact]
    public void SplitInThree_EveryLength_TakesEveryThird()
    {
        for (var length = 0; length <= 200; length++)
        {
            var source = Signal.WhiteNoise(-3, length + 1, seed: length)[..length];
            var streams = Enumerable.Range(0, 3).Select(stream => Guarded((length + 2 - stream) / 3)).ToArray();
            Strides.Split(source, streams[0], streams[1], streams[2]);
            for (var stream = 0; stream < 3; stream++)
                Assert.Equal(source.Where((_, i) => i % 3 == stream), Inside(streams[stream], (length + 2 - stream) / 3));
        }
    }

    private static short[] Guarded(int length) => [.. new short[length], .. Enumerable.Repeat((short)0x3333, 40)];

    private static short[] Inside(short[] guarded, int length)
    {
        Assert.All(guarded[length..], static s => Assert.Equal(0x3333, s));
        return guarded[..length];
    }
}
