using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class LiveWriterTests
{
    private readonly CountingPool _pool = new();
    private readonly SlowStream _socket = new();
    private readonly LiveSessionCounters _counters = new();
    private readonly List<Exception> _faults = [];

    [Fact]
    public void Audio_IdleSocket_IsSentOnTheCallersThread()
    {
        LiveWriter writer = Create();
        int? thread = null;
        _socket.OnSend = () =>
        {
            thread = Environment.CurrentManagedThreadId;
            return default;
        };

        Assert.True(writer.TrySendAudio(Frame(1)));

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
        Assert.Equal([1], Samples(_socket.Sent[0]).Distinct());
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Audio_LongerThanAFrame_GoesOutInFrames()
    {
        LiveWriter writer = Create();
        var pcm = new short[700];
        for (int i = 0; i < pcm.Length; i++) pcm[i] = (short)i;

        Assert.True(writer.TrySendAudio(pcm));

        Assert.Equal([320, 320, 60], _socket.Sent.Select(message => Samples(message).Length));
        Assert.Equal(pcm, _socket.Sent.SelectMany(Samples));
    }

    [Fact]
    public async Task Audio_BlockedSocket_NeverBlocksTheCallerAndKeepsTheNewest()
    {
        LiveWriter writer = Create(TimeSpan.FromMilliseconds(100));
        _socket.Block();
        long start = Stopwatch.GetTimestamp();
        for (short i = 0; i < 20; i++) Assert.True(writer.TrySendAudio(Frame(i)));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromMilliseconds(100), writer.QueuedAudio);

        _socket.Unblock();
        await SentAsync(6);

        // Frame 0 was under way; of the 19 behind it, 5 fit.
        Assert.Equal([0, 15, 16, 17, 18, 19], _socket.Sent.Select(message => (int)Samples(message)[0]));
        Assert.Equal(TimeSpan.FromMilliseconds(14 * 20), _counters.AudioDropped);
        Assert.Equal(14, _counters.AudioDrops);
        Assert.Equal(19, _counters.AudioMessagesDelayed);
        await ClosedAsync(writer);
    }

    [Fact]
    public async Task Control_BetweenAudio_KeepsItsPlace()
    {
        LiveWriter writer = Create();
        _socket.Block();
        writer.TrySendAudio(Frame(0));
        writer.TrySendAudio(Frame(1, samples: 100));
        writer.SendControl(Text("a"));
        writer.SendControl(Text("b"));
        writer.TrySendAudio(Frame(2, samples: 400));
        writer.SendControl(Text("c"));
        _socket.Unblock();

        await SentAsync(7);

        Assert.Equal(["0x320", "1x100", "a", "b", "2x320", "2x80", "c"], _socket.Sent.Select(Describe));
        await ClosedAsync(writer);
    }

    [Fact]
    public async Task Control_AudioAroundItDropped_IsStillSent()
    {
        LiveWriter writer = Create(TimeSpan.FromMilliseconds(20));
        _socket.Block();
        writer.TrySendAudio(Frame(0));
        writer.TrySendAudio(Frame(1));
        writer.SendControl(Text("a"));
        writer.TrySendAudio(Frame(2));
        writer.TrySendAudio(Frame(3));
        writer.SendControl(Text("b"));
        writer.TrySendAudio(Frame(4));
        _socket.Unblock();

        await SentAsync(4);

        Assert.Equal(["0x320", "a", "b", "4x320"], _socket.Sent.Select(Describe));
        await ClosedAsync(writer);
    }

    [Fact]
    public async Task Senders_OnManyThreads_NeitherOverlapNorReorderNorLoseControl()
    {
        LiveWriter writer = Create(TimeSpan.FromMilliseconds(200));
        var random = new Random(5);
        _socket.OnSend = async () =>
        {
            int dice;
            lock (random) dice = random.Next(8);
            if (dice == 0) await Task.Yield();
            if (dice == 1) await Task.Delay(1);
        };

        const int Senders = 4, Messages = 300, Frames = 3000;
        Task[] control = [.. Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < Messages; i++)
            {
                Assert.True(writer.SendControl(Text($"{sender}:{i}")));
                if (i % 3 == 0) await Task.Yield();
            }
        }))];
        Task audio = Task.Run(async () =>
        {
            var frame = new short[PcmFormat.SamplesPerFrame];
            for (int i = 0; i < Frames; i++)
            {
                frame.AsSpan().Fill((short)i);
                Assert.True(writer.TrySendAudio(frame));
                if (i % 5 == 0) await Task.Yield();
            }
        });
        await Task.WhenAll([.. control, audio]);
        long queued = 1;
        for (long start = Environment.TickCount64; queued > 0 && Environment.TickCount64 - start < 20_000; await Task.Delay(5))
            queued = writer.QueuedAudio.Ticks + (Senders * Messages) - _counters.ControlMessagesSent;
        await ClosedAsync(writer);

        string[] sent = [.. _socket.Sent.Select(Describe)];
        Assert.False(_socket.Overlapped);
        for (int sender = 0; sender < Senders; sender++)
        {
            Assert.Equal(
                Enumerable.Range(0, Messages).Select(i => $"{sender}:{i}"),
                sent.Where(message => message.StartsWith($"{sender}:", StringComparison.Ordinal)));
        }

        int[] heard = [.. _socket.Sent.Where(IsAudio).SelectMany(Samples).Select(sample => (int)sample)];
        Assert.Equal(heard.Order(), heard);
        Assert.Equal((long)Frames * PcmFormat.SamplesPerFrame, heard.Length + PcmFormat.UplinkSamples(_counters.AudioDropped));
        Assert.Equal(0, heard.Length % PcmFormat.SamplesPerFrame);
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task Socket_Breaks_IsReportedOnceAndEverythingIsReturned()
    {
        LiveWriter writer = Create();
        _socket.Block();
        writer.TrySendAudio(Frame(0));
        writer.TrySendAudio(Frame(1));
        writer.SendControl(Text("a"));
        _socket.Break(new IOException("reset"));

        await ClosedAsync(writer);

        Assert.Equal("reset", Assert.Single(_faults).Message);
        Assert.False(writer.TrySendAudio(Frame(2)));
        Assert.False(writer.SendControl(Text("b")));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Socket_ThrowsAtOnce_IsFalseAndReported()
    {
        LiveWriter writer = Create();
        _socket.OnSend = () => throw new InvalidOperationException("not open");
        Assert.False(writer.TrySendAudio(Frame(0)));
        Assert.Equal("not open", Assert.Single(_faults).Message);
        Assert.False(writer.TrySendAudio(Frame(0)));
    }

    [Fact]
    public async Task Completion_WithControlQueued_SendsItAndDropsAudio()
    {
        LiveWriter writer = Create();
        _socket.Block();
        writer.TrySendAudio(Frame(0));
        writer.TrySendAudio(Frame(1));
        writer.SendControl(Text("a"));
        Task idle = writer.CompleteAsync(discard: false);
        Assert.False(idle.IsCompleted);
        Assert.False(writer.TrySendAudio(Frame(2)));
        _socket.Unblock();

        await idle.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(["0x320", "a"], _socket.Sent.Select(Describe));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Audio_ChunksOf40Ms_GoOutTwoFramesAtATime()
    {
        LiveWriter writer = Create(chunkMs: 40);
        writer.TrySendAudio(Frame(1));
        Assert.Empty(_socket.Sent);
        Assert.Equal(TimeSpan.FromMilliseconds(20), writer.QueuedAudio);
        writer.TrySendAudio(Frame(2));
        Assert.Equal(TimeSpan.Zero, writer.QueuedAudio);
        writer.TrySendAudio([.. Frame(3), .. Frame(4), .. Frame(5)]);
        // What is no whole frame waits for nothing, and overtakes nothing.
        writer.TrySendAudio(Frame(6, samples: 100));

        Assert.Equal(["1x640", "3x640", "5x420"], _socket.Sent.Select(Describe));
        Assert.Equal([.. Frame(1), .. Frame(2)], Samples(_socket.Sent[0]));
        Assert.Equal([.. Frame(5), .. Frame(6, samples: 100)], Samples(_socket.Sent[2]));
        Assert.Equal(3, _counters.AudioMessagesSent);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public async Task Control_InTheMiddleOfAChunk_IsBehindTheFrameBeforeIt()
    {
        LiveWriter writer = Create(chunkMs: 40);
        writer.TrySendAudio(Frame(1));
        writer.SendControl(Text("a"));
        await SentAsync(2);
        await IdleAsync();
        writer.TrySendAudio(Frame(2));
        writer.TrySendAudio(Frame(3));

        Assert.Equal(["1x320", "a", "2x640"], _socket.Sent.Select(Describe));
        await ClosedAsync(writer);
    }

    [Fact]
    public async Task Audio_ChunksOf40MsAndABlockedSocket_KeepsOrderAndEverySample()
    {
        LiveWriter writer = Create(chunkMs: 40);
        writer.TrySendAudio(Frame(0));
        _socket.Block();
        for (short i = 1; i <= 6; i++) writer.TrySendAudio(Frame(i));
        _socket.Unblock();
        await SentAsync(4);
        await IdleAsync();
        writer.TrySendAudio(Frame(7));
        writer.TrySendAudio(Frame(8));

        Assert.Equal(Enumerable.Range(0, 9).SelectMany(i => Frame((short)i)), _socket.Sent.SelectMany(Samples));
        Assert.Equal("0x640", Describe(_socket.Sent[0]));
        await ClosedAsync(writer);
    }

    [Fact]
    public async Task Pong_BehindAFrameUnderWay_OvertakesAllThatWaits()
    {
        LiveWriter writer = Create();
        _socket.Block();
        writer.TrySendAudio(Frame(0));
        writer.TrySendAudio(Frame(1));
        writer.SendControl(Text("a"));
        writer.SendPong("p"u8);
        writer.SendPong([], asked: false);
        _socket.Unblock();
        await SentAsync(3);
        await ClosedAsync(writer);

        Assert.Equal(["0x320", "1x320", "a"], _socket.Sent.Select(Describe));
        Assert.Equal((WebSocketOpcode.Pong, "p"), _socket.Frames[1]);
        Assert.Equal(4, _socket.Frames.Length);
        Assert.Equal((2, 1), (_counters.AudioMessagesSent, _counters.ControlMessagesSent));
    }

    [Fact]
    public async Task Pong_WhileAFrameIsSentAtOnce_IsNotForgotten()
    {
        LiveWriter writer = Create();
        _socket.OnSend = () =>
        {
            _socket.OnSend = null;
            writer.SendPong("p"u8);
            return default;
        };
        Assert.True(writer.TrySendAudio(Frame(0)));
        await IdleAsync();
        Assert.Equal([WebSocketOpcode.Text, WebSocketOpcode.Pong], _socket.Frames.Select(frame => frame.Opcode));
        await ClosedAsync(writer);
    }

    [Fact]
    public async Task Pongs_ManyOnASlowNetwork_AreOneAndTheNewest()
    {
        LiveWriter writer = Create();
        _socket.Block();
        writer.TrySendAudio(Frame(0));
        for (int i = 0; i < 100_000; i++) writer.SendPong([(byte)('0' + (i % 10))]);
        Assert.Equal(1, _pool.Outstanding);
        _socket.Unblock();
        await IdleAsync();

        Assert.Equal([(WebSocketOpcode.Pong, "9")], _socket.Frames[1..]);
        await ClosedAsync(writer);
    }

    [Fact]
    public async Task Pong_OfTheGreatestLength_IsSentWithNobodySpeaking()
    {
        LiveWriter writer = Create();
        writer.SendPong(new byte[WebSocketFrame.MaxControlBytes]);
        await IdleAsync();
        await ClosedAsync(writer);
        Assert.Equal([(WebSocketOpcode.Pong, new string('\0', 125))], _socket.Frames);
        Assert.Equal(0, _counters.BytesSent);
        writer.SendPong("late"u8);
        Assert.Single(_socket.Frames);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public async Task Pong_InTheMiddleOfAChunk_LosesAndReordersNothing()
    {
        LiveWriter writer = Create(chunkMs: 40);
        _socket.Block();
        writer.TrySendAudio(Frame(1));
        writer.SendPong("p"u8);
        writer.TrySendAudio(Frame(2));
        _socket.Unblock();
        await SentAsync(1);
        await IdleAsync();
        writer.TrySendAudio(Frame(3));
        writer.TrySendAudio(Frame(4));

        Assert.Equal(Enumerable.Range(1, 4).SelectMany(i => Frame((short)i)), _socket.Sent.SelectMany(Samples));
        await ClosedAsync(writer);
    }

    private LiveWriter Create(TimeSpan? queue = null, int chunkMs = 20) => new(
        new LiveWebSocket(_socket, _pool),
        new LiveSessionOptions { BufferPool = _pool, AudioQueue = queue ?? TimeSpan.FromSeconds(2), Chunk = TimeSpan.FromMilliseconds(chunkMs) },
        _counters,
        _faults.Add);

    private PooledBuffer Text(string text) => ControlMessages.Text(_pool, text);

    private static short[] Frame(short value, int samples = PcmFormat.SamplesPerFrame)
    {
        var frame = new short[samples];
        Array.Fill(frame, value);
        return frame;
    }

    private static bool IsAudio(string json) => json.Contains("audio/pcm", StringComparison.Ordinal);

    private static short[] Samples(string json)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement audio = document.RootElement.GetProperty("realtimeInput").GetProperty("audio");
        Assert.Equal("audio/pcm;rate=16000", audio.GetProperty("mimeType").GetString());
        return MemoryMarshal.Cast<byte, short>(audio.GetProperty("data").GetBytesFromBase64()).ToArray();
    }

    private static string Describe(string json)
    {
        if (IsAudio(json)) return $"{Samples(json)[0]}x{Samples(json).Length}";
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("realtimeInput").GetProperty("text").GetString()!;
    }

    private async Task SentAsync(int count)
    {
        for (long start = Environment.TickCount64; _socket.Sent.Length < count; await Task.Delay(5))
            Assert.True(Environment.TickCount64 - start < 20_000, $"only {_socket.Sent.Length} sent");
    }

    // Whoever sends gives its memory back when it has nothing more to send.
    private async Task IdleAsync()
    {
        for (long start = Environment.TickCount64; _pool.Outstanding > 0; await Task.Delay(5))
            Assert.True(Environment.TickCount64 - start < 20_000, "still sending");
    }

    private async Task ClosedAsync(LiveWriter writer)
    {
        await writer.CompleteAsync(discard: true).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _pool.Outstanding);
        Assert.Equal(0, _pool.ReturnedWrongly);
    }
}
