using VoiceGateway.Hosting;

namespace VoiceGateway.Tests.Hosting;

public sealed class CallBufferPoolTests
{
    private readonly CallBufferPool _pool = new();

    [Theory]
    [InlineData(2048, 2048)]
    [InlineData(1025, 2048)]
    [InlineData(2049, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(100, 128)]
    [InlineData(0, 0)]
    public void Rent_AnyLength_GivesTheNextPowerOfTwo(int asked, int given) => Assert.Equal(given, _pool.Rent(asked).Length);

    [Theory]
    [InlineData(64)]
    [InlineData(2048)]
    [InlineData(4096)]
    [InlineData(32768)]
    public void Rent_AfterReturn_GivesTheSameAgain(int length)
    {
        var array = _pool.Rent(length);
        _pool.Return(array);
        Assert.Same(array, _pool.Rent(length));
        Assert.NotSame(array, _pool.Rent(length));
    }

    [Fact]
    public void Rent_AsManyAsAThousandCallsHold_AllocatesOnlyOnce()
    {
        const int Many = 40_000;
        var arrays = new byte[Many][];
        long allocated = 0;
        for (var round = 0; round < 3; round++)
        {
            allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Many; i++) arrays[i] = _pool.Rent(2048);
            for (var i = 0; i < Many; i++) _pool.Return(arrays[i]);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Return_ToBeCleared_IsCleared()
    {
        var array = _pool.Rent(2048);
        array.AsSpan().Fill(7);
        _pool.Return(array, clearArray: true);
        Assert.All(_pool.Rent(2048), static b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task Rent_FromManyThreads_NeverGivesOneTwice()
    {
        await Task.WhenAll(Enumerable.Range(1, 8).Select(mark => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var array = _pool.Rent(2048);
                array[0] = (byte)mark;
                array[^1] = (byte)mark;
                Assert.Equal(mark, array[0]);
                Assert.Equal(mark, array[^1]);
                _pool.Return(array);
            }
        })));
    }
}
