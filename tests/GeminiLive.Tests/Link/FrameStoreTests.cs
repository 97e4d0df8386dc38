namespace VoiceGateway.GeminiLive.Tests;

public sealed class FrameStoreTests
{
    [Theory]
    [InlineData(KeptFrame.NarrowLength)]
    [InlineData(KeptFrame.WideLength)]
    public void AnyHistory_IsWhatAListWouldHold_InAsLittleMemory(int frameBytes)
    {
        var perArray = FrameStore.ArrayBytes / frameBytes;
        var pool = new CountingPool();
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            using var store = new FrameStore(pool, frameBytes);
            var expected = new List<byte>();
            for (var step = 0; step < 400; step++)
            {
                if (random.Next(4) > 0 || expected.Count == 0)
                {
                    for (var left = random.Next(1, 40); left > 0; left--)
                    {
                        expected.Add((byte)random.Next(256));
                        store.Add().Fill(expected[^1]);
                    }
                }
                else
                {
                    var at = random.Next(2) == 0 ? 0 : random.Next(expected.Count);
                    var frames = random.Next(1, expected.Count - at + 1);
                    expected.RemoveRange(at, frames);
                    store.Remove(at, frames);
                }
                Assert.Equal(expected.Count, store.Count);
                Assert.InRange(pool.Outstanding * perArray, expected.Count, expected.Count + (2 * perArray));
            }
            for (var i = 0; i < expected.Count; i++) Assert.Equal((expected[i], expected[i]), (store[i][0], store[i][^1]));
        }
        Assert.Equal(0, pool.Outstanding);
    }
}
