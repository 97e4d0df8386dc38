using System.Buffers;
using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

public sealed class PlayoutQueueTests
{
    [Fact]
    public void ReadWrite_RandomSizes_KeepsOrder()
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

    [Fact]
    public void Read_Everything_KeepsOneBlock()
    {
        var pool = new CountingPool();
        using (var queue = new PlayoutQueue(1_000_000, pool))
        {
            queue.Write(new byte[100_000]);
            Assert.InRange(pool.Rented, 48, 50);
            while (queue.Read(new byte[160]) == 160)
            {
            }
            Assert.Equal(1, pool.Rented);
            queue.Write(new byte[50_000]);
            queue.Clear();
            Assert.Equal(1, pool.Rented);
            queue.Write(new byte[50_000]);
        }
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public void PeekAndSkip_AcrossBlocks_AreARead()
    {
        using var queue = new PlayoutQueue(100_000, ArrayPool<byte>.Shared);
        var written = new byte[3 * PlayoutQueue.BlockBytes];
        new Random(1).NextBytes(written);
        queue.Write(written);
        var read = new byte[PlayoutQueue.BlockBytes];
        queue.Skip(100);
        Assert.Equal(read.Length, queue.Peek(PlayoutQueue.BlockBytes, read));
        Assert.Equal(written[(100 + PlayoutQueue.BlockBytes)..][..read.Length], read);
        Assert.Equal(100, queue.Peek(queue.Count - 100, read));
        Assert.Equal(0, queue.Peek(queue.Count + 1, read));
        queue.Skip(2 * PlayoutQueue.BlockBytes);
        Assert.Equal(PlayoutQueue.BlockBytes - 100, queue.Read(read));
        Assert.Equal(written[^(PlayoutQueue.BlockBytes - 100)..], read[..^100]);
        queue.Skip(1);
        Assert.Equal(0, queue.Count);
    }
}
