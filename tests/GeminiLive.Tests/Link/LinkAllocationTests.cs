using System.Buffers;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>The caller's audio passes the link without garbage, in silence and in speech.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class LinkAllocationTests
{
    private const int Seconds = 4;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendAudio_SilenceAndSpeech_AllocatesNothing(bool narrowband)
    {
        await using var server = LoopbackServer.SetUp(static connection => connection.ReceiveAllAsync());
        var pool = ArrayPool<byte>.Create(1 << 20, 2000);
        // As in a gateway that has had as many frames before.
        foreach (var used in Enumerable.Range(0, 200).Select(_ => pool.Rent(FrameStore.ArrayBytes)).ToList()) pool.Return(used);
        var options = new LiveLinkOptions { Session = new LiveSessionOptions { BufferPool = pool } };
        await using var link = new LiveLink([new LiveRoute("one", server.Endpoint, Setups.Minimal)], new LinkHandler(), options);
        Assert.Null(await link.StartAsync(CancellationToken.None));
        await Until.TrueAsync(() => link.IsUp, "the link");
        var caller = new LinkCaller(link, narrowband);
        var least = long.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            long allocated = 0;
            for (var frame = 0; frame < Seconds * PcmFormat.FramesPerSecond; frame++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                if (frame < 100) caller.Pause(1);
                else caller.Say(1);
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                // What the network has not taken yet is sent by the pool.
                if (frame % 10 == 0) await Task.Delay(1);
            }
            least = Math.Min(least, allocated);
        }
        Assert.Equal(0, least);
    }
}
