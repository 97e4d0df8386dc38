using System.Buffers;
using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

public sealed class PlayoutQueueTests
{
    [Fact]
    public void ReadWrite_RandomSizes_KeepsOrderThroughGrowth()
    {
        using var queue = new PlayoutQueue(100_000, ArrayPool<byte>.Shared);
        var random = new Random(1);
        byte written = 0, read = 0;
        for (var i = 0; i < 2000; i++)
        {
            var chunk = new byte[random.Next(0, 700)];
            for (var j = 0; j < chunk.Length; j++) chunk[j] = written++;
            Assert.Equal(chunk.Length, queue.Write(chunk));
            var buffer = new byte[random.Next(0, 720)];
            var taken = queue.Read(buffer);
            for (var j = 0; j < taken; j++) Assert.Equal(read++, buffer[j]);
        }
    }

    [Fact]
    public void Write_OverTheLimit_TakesWhatFits()
    {
        using var queue = new PlayoutQueue(1000, ArrayPool<byte>.Shared);
        Assert.Equal(1000, queue.Write(new byte[1500]));
        Assert.Equal(0, queue.Write(new byte[1]));
        queue.Clear();
        Assert.Equal(10, queue.Write(new byte[10]));
    }

    [Fact]
    public void Dispose_Twice_ReturnsTheBufferOnce()
    {
        var queue = new PlayoutQueue(1000, ArrayPool<byte>.Shared);
        queue.Dispose();
        queue.Dispose();
        Assert.Equal(0, queue.Write(new byte[10]));
    }
}
