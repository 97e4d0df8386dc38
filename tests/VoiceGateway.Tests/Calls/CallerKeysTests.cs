using VoiceGateway.Calls;
using VoiceGateway.Codecs;

namespace VoiceGateway.Tests.Calls;

public sealed class CallerKeysTests
{
    private readonly CallerKeys _keys = new();

    [Fact]
    public void Hear_KeyPressed_IsToldOnceAndKeptFromTheModel()
    {
        var line = Key('7');
        var heard = "";
        var passed = 0;
        foreach (var chunk in line.Chunk(160))
        {
            heard += _keys.Hear(chunk);
            if (chunk.Any(static s => s != 0)) passed++;
        }
        Assert.Equal("7", heard);
        // Until it is known for a key: 40 ms of its 120.
        Assert.InRange(passed, 1, 2);
    }

    [Fact]
    public void Hear_Speech_IsUntouched()
    {
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            short[] chunk = [.. Enumerable.Range(0, 160).Select(n => (short)(8000 * Math.Sin((i * 160 + n) * 0.1) + random.Next(-500, 500)))];
            short[] before = [.. chunk];
            Assert.Null(_keys.Hear(chunk));
            Assert.Equal(before, chunk);
        }
    }

    [Fact]
    public void Deafen_OurOwnKeyComesBack_IsNotTheCallers()
    {
        _keys.Deafen();
        Assert.All(Key('5').Chunk(160), chunk => Assert.Null(_keys.Hear(chunk)));
        // Half a second later it is the caller's.
        for (var i = 0; i < 25; i++) _keys.Hear(new short[160]);
        Assert.Equal("5", string.Concat(Key('5').Chunk(160).Select(chunk => _keys.Hear(chunk))));
    }

    [Fact]
    public void Hear_AfterTheFirstChunk_AllocatesNothing()
    {
        var line = Key('1').Concat(Key('2')).Chunk(160).ToArray();
        _keys.Hear(new short[160]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
            foreach (var chunk in line) _keys.Hear(chunk);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static short[] Key(char digit)
    {
        var generator = new DtmfGenerator(8000);
        generator.Start(digit, 120, 80);
        var pcm = new short[1600];
        generator.Fill(pcm);
        return pcm;
    }
}
