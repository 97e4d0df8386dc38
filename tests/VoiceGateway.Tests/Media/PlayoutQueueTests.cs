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

    private sealed class CountingPool : ArrayPool<byte>
    {
        public int Rented { get; private set; }

        public override byte[] Rent(int minimumLength)
        {
            Rented++;
            return new byte[minimumLength];
        }

        public override void Return(byte[] array, bool clearArray = false) => Rented--;
    }
}
