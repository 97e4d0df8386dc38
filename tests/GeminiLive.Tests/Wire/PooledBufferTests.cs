namespace VoiceGateway.GeminiLive.Tests;

public sealed class PooledBufferTests
{
    [Fact]
    public void LongerThanAnyMessage_TakesNothingFromThePool()
    {
        var pool = new CountingPool();
        using (var buffer = new PooledBuffer(pool, 24 * 1024))
        {
            Assert.Equal(0, pool.Outstanding);
            for (var part = 0; part < 9 * 16; part++)
            {
                buffer.GetSpan(65_536)[..65_536].Fill((byte)part);
                buffer.Advance(65_536);
            }
            Assert.InRange(pool.LargestRented, 1, new LiveSessionOptions().MaxMessageBytes);
            Assert.Equal(Enumerable.Range(0, 9 * 16).Select(static part => (byte)part), Enumerable.Range(0, 9 * 16).Select(part => buffer.Written[part * 65_536]));
            buffer.Clear();
            Assert.Equal(0, pool.Outstanding);
            buffer.Append("small"u8);
            buffer.Clear();
            Assert.Equal(1, pool.Outstanding);
        }
        Assert.Equal((0, 0), (pool.Outstanding, pool.ReturnedWrongly));
    }
}
