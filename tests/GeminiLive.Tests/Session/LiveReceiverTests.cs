using System.Buffers;

namespace VoiceGateway.GeminiLive.Tests;

public class LiveReceiverTests
{
    private static readonly LiveSessionOptions Options = new();

    private readonly LiveSessionCounters _counters = new();

    /// <summary>Not the handler's fault, and not the network's: whoever reads of it is told no more than is known, and has the exception.</summary>
    [Fact]
    public async Task ClientsOwnCode_Throws_IsADefectThatBlamesNoHandler()
    {
        var bug = new InvalidOperationException("a bug");
        byte[] message = """{"setupComplete":{}}"""u8.ToArray();
        // RFC 6455 section 5.2: final, text, not masked.
        var socket = new LiveWebSocket(new MemoryStream([0x81, (byte)message.Length, .. message]), ArrayPool<byte>.Shared);
        var writer = new LiveWriter(socket, Options, _counters, static _ => { });
        var handler = new RecordingHandler { OnEvent = _ => Assert.Fail("the message went on") };
        var receiver = new LiveReceiver(socket, writer, Options, _counters, handler, _ => throw bug);

        LiveClose close = await receiver.RunAsync();

        Assert.Equal((LiveCloseKind.Defect, LiveRetry.Now), (close.Kind, close.Retry));
        Assert.Same(bug, close.Exception);
        Assert.Equal("a defect on this side", close.Reason);
        Assert.Equal(1, _counters.Defects);
    }
}
