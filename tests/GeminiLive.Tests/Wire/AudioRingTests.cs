namespace VoiceGateway.GeminiLive.Tests;

public sealed class AudioRingTests
{
    private readonly CountingPool _pool = new();

    [Fact]
    public void Ring_RandomWritesAndReads_KeepsOrderAndCountsLoss()
    {
        const int Capacity = 1000;
        var ring = new AudioRing(_pool, Capacity);
        var model = new Queue<short>();
        var random = new Random(11);
        short next = 0;
        for (int round = 0; round < 5000; round++)
        {
            var pcm = new short[random.Next(0, round % 50 == 0 ? 2500 : 400)];
            for (int i = 0; i < pcm.Length; i++) model.Enqueue(pcm[i] = next++);
            int lost = Math.Max(0, model.Count - Capacity);
            for (int i = 0; i < lost; i++) model.Dequeue();
            Assert.Equal(lost, ring.Write(pcm));
            Assert.Equal(model.Count, ring.Count);

            var read = new short[random.Next(0, Math.Min(model.Count, 400) + 1)];
            ring.Read(read);
            foreach (short sample in read) Assert.Equal(model.Dequeue(), sample);
        }

        ring.Release();
        Assert.Equal(0, ring.Count);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Ring_NeverWrittenTo_RentsNothing()
    {
        var ring = new AudioRing(_pool, 1000);
        Assert.Equal(0, _pool.Outstanding);
        ring.Release();
        Assert.Equal(0, _pool.ReturnedWrongly);
    }
}
