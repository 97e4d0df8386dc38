using System.Buffers;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit.Abstractions;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>
/// Steady state of a call: 20 ms up, 40 ms down. The server of the test runs in the same process, so it receives and sends
/// through buffers that exist already, and sends no more at once than the network takes: a write that waits for it allocates.
/// </summary>
[Collection(AloneInTheProcess.Name)]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Frames = 1000;
    private const int Batch = 10;
    private const int DownBatch = 20;

    [Theory]
    [InlineData("TCP")]
    [InlineData("SslStream")]
    [InlineData("OpenSSL")]
    public async Task Uplink_ThousandFrames_AllocatesNothing(string transport)
    {
        int received = 0;
        await using var server = LoopbackServer.SetUp(connection => DiscardAsync(connection, () => Interlocked.Increment(ref received)), Certificate(transport));
        LiveConnectResult result = await LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, new SilentHandler(), Options(transport));
        await using LiveSession session = result.Session!;
        var frame = new short[PcmFormat.SamplesPerFrame];
        Random.Shared.NextBytes(MemoryMarshal.AsBytes(frame.AsSpan()));

        long least = long.MaxValue;
        for (int round = 1; round <= 4; round++)
        {
            long process = GC.GetTotalAllocatedBytes(precise: true), onThread = 0, ticks = 0;
            for (int sent = 0; sent < Frames; sent += Batch)
            {
                onThread += SendBatch(session, frame, ref ticks);
                while (Volatile.Read(ref received) < ((round - 1) * Frames) + sent + Batch) await Task.Yield();
            }

            process = GC.GetTotalAllocatedBytes(precise: true) - process;
            least = Math.Min(least, onThread);
            output.WriteLine($"up {transport}: {onThread / (double)Frames:0.##} B a frame on the thread, {process / (double)Frames:0.##} B in the process with the test's waiting, "
                + $"{1e9 * ticks / Stopwatch.Frequency / Frames:0} ns a frame with the system call");
        }

        output.WriteLine($"delayed {session.Counters.AudioMessagesDelayed} of {session.Counters.AudioMessagesSent}");
        Assert.Equal(4 * Frames, session.Counters.AudioMessagesSent);
        Assert.Equal(TimeSpan.Zero, session.Counters.AudioDropped);
        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData("TCP")]
    [InlineData("SslStream")]
    [InlineData("OpenSSL")]
    public async Task Downlink_ThousandMessages_AllocatesNothing(string transport)
    {
        // What else the process does; a string or a box a message would be 24 bytes each.
        const long Most = 20 * Frames;
        using var go = new SemaphoreSlim(0);
        byte[] message = ServerFrames.Frame(1, Encoding.ASCII.GetBytes(
            """{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":" """.TrimEnd()
            + Convert.ToBase64String(new byte[1920]) + "\"}}]}}}"));
        await using var server = LoopbackServer.SetUp(connection => Task.Factory.StartNew(
            () =>
            {
                // A wait that a token may end allocates each time.
                using CancellationTokenRegistration stopping = connection.Stop.Register(() => go.Release());
                for (go.Wait(); !connection.Stop.IsCancellationRequested; go.Wait())
                {
                    for (int i = 0; i < DownBatch; i++) connection.Raw.Write(message);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default), Certificate(transport));
        var handler = new SilentHandler();
        LiveConnectResult result = await LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, handler, Options(transport));
        await using LiveSession session = result.Session!;

        // What is said at once is carried away by other threads of this process, into the next round's figures.
        List<string> said = [];
        long least = long.MaxValue;
        for (int round = 1; round <= 6 || (least >= Most && round <= 20); round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            long start = Stopwatch.GetTimestamp();
            for (int sent = DownBatch; sent <= Frames; sent += DownBatch)
            {
                go.Release();
                handler.Await(((round - 1) * Frames) + sent);
            }

            TimeSpan time = Stopwatch.GetElapsedTime(start);
            long bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            least = Math.Min(least, bytes);
            said.Add($"down {transport}: {bytes / (double)Frames:0.##} B a message in the process, {time.TotalNanoseconds / Frames:0} ns with the server's part");
        }

        said.ForEach(output.WriteLine);
        Assert.True(least < Most, $"{least} bytes for {Frames} messages");
    }

    [Fact]
    public void Wire_Alone_AllocatesNothing()
    {
        byte[] message = Encoding.ASCII.GetBytes(
            """{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":" """.TrimEnd()
            + Convert.ToBase64String(new byte[1920]) + "\"}}]}}}");
        var counters = new LiveSessionCounters();
        using var audio = new DownlinkAudio(ArrayPool<byte>.Shared, counters);
        var dispatcher = new ServerMessageDispatcher(new SilentHandler(), counters, audio);
        var parsed = new ServerMessage();
        var encoder = AudioFrameEncoder.Take(PcmFormat.SamplesPerFrame);
        var frame = new short[PcmFormat.SamplesPerFrame];
        int length = 0;
        Measure("encode 20 ms", () => length += encoder.Encode(frame).Length);
        Measure("parse and decode 40 ms", () =>
        {
            ServerMessageParser.TryParse(message, parsed);
            dispatcher.Dispatch(parsed, message);
        });
        Assert.True(length > 0 && counters.AudioBytesReceived > 0);

        var socket = new LiveWebSocket(Stream.Null, ArrayPool<byte>.Shared);
        var framed = new byte[WebSocketFrame.Room + 920];
        using var theirs = WebSocket.CreateFromStream(Stream.Null, new WebSocketCreationOptions());
        Measure("frame and send 920 bytes into nothing", () => socket.SendAsync(WebSocketOpcode.Text, framed).GetAwaiter().GetResult());
        Measure("encode 20 ms, frame and send into nothing", () => socket.SendAsync(WebSocketOpcode.Text, encoder.Encode(frame)).GetAwaiter().GetResult());
        Measure("the framework's WebSocket with 920 bytes", () =>
            theirs.SendAsync(framed.AsMemory(WebSocketFrame.Room), WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None).GetAwaiter().GetResult());
    }

    private void Measure(string what, Action action)
    {
        for (int i = 0; i < 20_000; i++) action();
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        double best = double.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Frames; i++) action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Frames);
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        output.WriteLine($"wire: {what}: {best:0} ns, {bytes} B");
        Assert.Equal(0, bytes);
    }

    private static X509Certificate2? Certificate(string transport) => transport == "TCP" ? null : TestCertificate.Instance;

    private static LiveSessionOptions Options(string transport) => new() { Trust = TestCertificate.Trusting(portable: transport == "SslStream") };

    private static long SendBatch(LiveSession session, short[] frame, ref long ticks)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Batch; i++)
        {
            if (!session.TrySendAudio(frame)) throw new InvalidOperationException("not sent");
        }

        ticks += Stopwatch.GetTimestamp() - start;
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task DiscardAsync(LoopbackConnection connection, Action onMessage)
    {
        var buffer = new byte[4096];
        while (true)
        {
            ValueWebSocketReceiveResult frame = await connection.WebSocket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (frame.MessageType == WebSocketMessageType.Close) break;
            if (frame.EndOfMessage) onMessage();
        }

        await connection.CloseAsync(1000, null);
    }
}
