using VoiceGateway.Codecs;
using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

/// <summary>Playout on a line of 16 kHz, whose codec has state.</summary>
public sealed class WidePlayoutTests : IDisposable
{
    private readonly Playout _playout = new(new G722Codec(), maxSeconds: 60);
    private readonly SpeechCodec _ear = new G722Codec();
    private readonly byte[] _payload = new byte[Playout.FrameBytes];
    private readonly short[] _sent = new short[Playout.FrameSamples8kHz];

    public void Dispose() => _playout.Dispose();

    [Fact]
    public void NextFrame_ToneAbove4kHz_IsThereAtTheLinesRate()
    {
        _playout.Enqueue(Sine(6000, 24_000), _playout.Epoch);
        var heard = Heard(45);
        Assert.InRange(Goertzel.LevelDbov(heard.AsSpan(4000, 3200), 6000, 16000), -14.5, -12);
        // The telephone band has nothing of it.
        Assert.InRange(_sent.Max(static s => Math.Abs((int)s)), 0, 60);
    }

    [Fact]
    public void NextFrame_ToneInTheTelephoneBand_IsWhatTheCallIsTold()
    {
        _playout.Enqueue(Sine(1000, 24_000), _playout.Epoch);
        Heard(20);
        Assert.InRange(Goertzel.LevelDbov(_sent, 1000, 8000), -14, -12.5);
    }

    [Fact]
    public void QueuedSamples_OfASecond_CountsAt8kHz()
    {
        _playout.Enqueue(Sine(1000, 24_000), _playout.Epoch);
        Assert.Equal(8000, _playout.QueuedSamples);
        Heard(10);
        Assert.Equal(1600, _playout.PlayedSamples);
    }

    // The decoder at the other end follows the encoder's state: a cut must be no step in it.
    [Fact]
    public void Interrupt_MidReply_FadesAndLeavesNoClick()
    {
        _playout.Enqueue(Sine(400, 48_000), _playout.Epoch);
        Heard(10);
        Assert.Equal(10 * 160 + 64, _playout.Interrupt(fadeMs: 8));
        _playout.SetGain(0.3f);
        Assert.Equal(PlayoutFrame.Fade, _playout.NextFrame(_payload));
        var fade = Decoded();
        var steepest = 10_000 * 2 * Math.PI * 400 / 16000 + 10_000 * Math.PI / (2 * 128) + 400;
        for (var i = 1; i < fade.Length; i++) Assert.InRange(Math.Abs(fade[i] - fade[i - 1]), 0, steepest);
        // 8 ms and what the codec's own filters hold.
        Assert.All(fade.Skip(160), static s => Assert.InRange(s, (short)-200, (short)200));
        Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
    }

    [Fact]
    public void SetGain_Ducked_IsQuieterForThePeer()
    {
        _playout.Enqueue(Sine(400, 48_000), _playout.Epoch);
        Heard(5);
        _playout.SetGain(0.2f);
        Heard(3);
        Assert.InRange(Heard(1).Max(static s => Math.Abs((int)s)), 1700, 2300);
    }

    [Fact]
    public void ChangeCodec_ToNarrowAndBack_CarriesTheReplyOverAndItsCount()
    {
        _playout.Enqueue(Sine(1000, 24_000), _playout.Epoch);
        Heard(10);
        _playout.ChangeCodec(G711Codec.ALaw);
        Assert.Equal((8000, 1600), (_playout.QueuedSamples, _playout.PlayedSamples));
        var narrow = new short[160];
        for (var i = 0; i < 10; i++)
        {
            _playout.NextFrame(_payload, _sent, out var codec);
            Assert.Same(G711Codec.ALaw, codec);
            G711Codec.ALaw.Decode(_payload, narrow);
            Assert.InRange(Goertzel.LevelDbov(narrow, 1000, 8000), -14, -12.5);
        }
        var wide = new G722Codec();
        _playout.ChangeCodec(wide);
        Assert.Equal((8000, 3200), (_playout.QueuedSamples, _playout.PlayedSamples));
        var ear = new G722Codec();
        var pcm = new short[320];
        for (var i = 0; i < 30; i++)
        {
            _playout.NextFrame(_payload, _sent, out var codec);
            Assert.Same(wide, codec);
            ear.Decode(_payload, pcm);
            if (i is > 0 and < 29) Assert.InRange(Goertzel.LevelDbov(pcm, 1000, 16000), -14, -12.5);
        }
        Assert.Equal(8000, _playout.PlayedSamples);
    }

    // What waits is converted as it leaves: neither the call's lock nor memory feels how long the reply is.
    [Theory]
    [InlineData("PCMA")]
    [InlineData("PCMU")]
    [InlineData("G722")]
    public void ChangeCodec_UnderALongReply_CostsNoMoreThanUnderAShortOne(string name)
    {
        using var playout = new Playout(name == "G722" ? G711Codec.MuLaw : new G722Codec(), maxSeconds: 60);
        using var shorter = new Playout(name == "G722" ? G711Codec.MuLaw : new G722Codec(), maxSeconds: 60);
        playout.Enqueue(Sine(1000, 50 * 24_000), playout.Epoch);
        shorter.Enqueue(Sine(1000, 2400), shorter.Epoch);
        Changed(shorter);
        Assert.InRange(Changed(playout), 0, 16 * 1024);
        Assert.Equal((400_000, 0), (playout.QueuedSamples, playout.PlayedSamples));

        long Changed(Playout changes)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            changes.ChangeCodec(SpeechCodecs.Named(name));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NextFrame_OfWhatIsCarriedOver_AllocatesNothing(bool toWide)
    {
        using var playout = new Playout(toWide ? G711Codec.MuLaw : new G722Codec(), maxSeconds: 60);
        playout.Enqueue(Sine(1000, 50 * 24_000), playout.Epoch);
        playout.ChangeCodec(toWide ? new G722Codec() : G711Codec.MuLaw);
        for (var i = 0; i < 500; i++) playout.NextFrame(_payload, _sent, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1500; i++) playout.NextFrame(_payload, _sent, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(Goertzel.LevelDbov(_sent, 1000, 8000), -14, -12.5);
    }

    // No sample is lost, doubled or bent by a line that it waited for in vain.
    [Fact]
    public void ChangeCodec_BackAgain_TheRestIsAsIfNothingHadBeen()
    {
        using var stays = new Playout(new G722Codec(), maxSeconds: 60);
        var voice = Sine(1000, 48_000);
        var other = new short[Playout.FrameSamples8kHz];
        var ignored = new byte[Playout.FrameBytes];
        foreach (var playout in (Playout[])[_playout, stays]) playout.Enqueue(voice, playout.Epoch);
        for (var i = 0; i < 90; i++)
        {
            if (i == 20) _playout.ChangeCodec(G711Codec.MuLaw);
            if (i == 25) _playout.ChangeCodec(G711Codec.ALaw);
            if (i == 30) _playout.ChangeCodec(new G722Codec());
            Assert.Equal(stays.NextFrame(ignored, other, out _), _playout.NextFrame(_payload, _sent, out _));
            Assert.Equal(stays.PlayedSamples, _playout.PlayedSamples);
            if (i is < 20 or > 30) Assert.Equal(other, _sent);
        }
    }

    // At 8 kHz the voice has been cut off at 4 kHz, and what is said from now on has not.
    [Fact]
    public void ChangeCodec_MoreOfTheReplyComes_ItFollowsWithoutAGap()
    {
        using var playout = new Playout(G711Codec.MuLaw, maxSeconds: 60);
        var voice = Sine(1000, 48_000);
        playout.Enqueue(voice.AsSpan(0, 12_000), playout.Epoch);
        for (var i = 0; i < 5; i++) playout.NextFrame(_payload);
        playout.ChangeCodec(new G722Codec());
        playout.Enqueue(voice.AsSpan(12_000, 12_000), playout.Epoch);
        playout.ChangeCodec(new G722Codec());
        playout.Enqueue(voice.AsSpan(24_000), playout.Epoch);
        Assert.Equal(16_000, playout.QueuedSamples);
        var frames = 0;
        for (var last = 0; playout.NextFrame(_payload, _sent, out _) is PlayoutFrame.Speech; frames++)
        {
            // Where the two meet, the filters' ends overlap or are empty; nowhere is it a step.
            Assert.InRange(Goertzel.LevelDbov(_sent, 1000, 8000), -16, -12);
            foreach (var sample in _sent)
            {
                if (frames > 0) Assert.InRange(Math.Abs(sample - last), 0, 10_000 * 2 * Math.PI * 1000 / 8000 + 3000);
                last = sample;
            }
        }
        Assert.Equal(95, frames);
        Assert.Equal(16_000, playout.PlayedSamples);
    }

    [Fact]
    public void Interrupt_WhatIsCarriedOver_LeavesAFadeThatAnotherChangeCarriesToo()
    {
        var pool = new CountingPool();
        using (var playout = new Playout(new G722Codec(), maxSeconds: 60, pool))
        {
            playout.Enqueue(Sine(400, 48_000), playout.Epoch);
            playout.ChangeCodec(G711Codec.MuLaw);
            for (var i = 0; i < 10; i++) playout.NextFrame(_payload);
            Assert.Equal(10 * 160 + 64, playout.Interrupt(fadeMs: 8));
            Assert.Equal(1, pool.Rented);
            playout.Enqueue(Sine(400, 4800), playout.Epoch);
            playout.ChangeCodec(new G722Codec());
            Assert.Equal(PlayoutFrame.Fade, playout.NextFrame(_payload, _sent, out _));
            Assert.InRange(_sent.Take(60).Max(static s => Math.Abs((int)s)), 3000, 10_000);
            Assert.Equal(16_000, playout.PlayedSamples);
            Assert.Equal(PlayoutFrame.SpeechStart, playout.NextFrame(_payload, _sent, out _));
            Assert.Equal(16_160, playout.PlayedSamples);
        }
        Assert.Equal(0, pool.Rented);
    }

    // The words after the change are byte for byte what they would have been, from its first sample on.
    [Fact]
    public void ChangeCodec_OfTheSameRateInMidWord_TheFilterGoesOn()
    {
        using var changes = new Playout(G711Codec.MuLaw, maxSeconds: 60);
        using var knows = new Playout(G711Codec.ALaw, maxSeconds: 60);
        var voice = Sine(1500, 9600);
        foreach (var playout in (Playout[])[changes, knows])
        {
            playout.Enqueue(voice.AsSpan(0, 4800), playout.Epoch);
            if (playout == changes) playout.ChangeCodec(G711Codec.ALaw);
            playout.Enqueue(voice.AsSpan(4800), playout.Epoch);
        }
        var other = new byte[Playout.FrameBytes];
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(knows.NextFrame(other), changes.NextFrame(_payload));
            if (i >= 10) Assert.Equal(other, _payload);
        }
    }

    // The gain is learnt in seconds, at 3 dB each: without it the agent would be quiet again for as long.
    [Theory]
    [InlineData("PCMA")]
    [InlineData("G722")]
    public void ChangeCodec_WithAutomaticGain_TheAgentStaysAsLoud(string name)
    {
        var levels = new LevelOptions { AutomaticGain = true };
        using var changes = new Playout(G711Codec.MuLaw, maxSeconds: 60, levels: levels);
        using var stays = new Playout(G711Codec.MuLaw, maxSeconds: 60, levels: levels);
        using var plain = new Playout(G711Codec.MuLaw, maxSeconds: 60);
        var words = QuietWords();
        foreach (var playout in (Playout[])[changes, stays, plain])
        {
            for (var i = 0; i < 3; i++) Power(playout, words);
            if (playout == changes) playout.ChangeCodec(SpeechCodecs.Named(name));
        }
        var (after, expected) = (Power(changes, words), Power(stays, words));
        Assert.InRange(10 * Math.Log10(expected / Power(plain, words)), 6, 13);
        Assert.Equal(0, 10 * Math.Log10(after / expected), 1.0);
    }

    // A greeting waits while the phone rings: its codec is agreed on only with the answer, perhaps in the middle of it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChangeCodec_FirstOne_TheReplyIsAsIfItHadBeenKnown(bool wide)
    {
        using var waits = new Playout(codec: null, maxSeconds: 60);
        using var knows = new Playout(Codec(), maxSeconds: 60);
        var voice = Sine(wide ? 6000 : 1500, 24_000);
        foreach (var playout in (Playout[])[waits, knows])
        {
            for (var i = 0; i < voice.Length; i += 1000)
            {
                if (i == 12_000 && playout == waits) playout.ChangeCodec(Codec());
                playout.Enqueue(voice.AsSpan(i, 1000), playout.Epoch);
            }
            playout.EndGeneration();
        }
        Assert.Equal(knows.QueuedSamples, waits.QueuedSamples, 1.0);
        var other = new byte[Playout.FrameBytes];
        PlayoutFrame kind;
        do
        {
            kind = waits.NextFrame(_payload);
            Assert.Equal(knows.NextFrame(other), kind);
            Assert.Equal(other, _payload);
        }
        while (kind != PlayoutFrame.SpeechEnd);

        SpeechCodec Codec() => wide ? new G722Codec() : G711Codec.ALaw;
    }

    [Fact]
    public void Interrupt_BeforeThereIsACodec_LeavesAFadeInTheOneThatComes()
    {
        using var playout = new Playout(codec: null, maxSeconds: 60);
        playout.Enqueue(Sine(400, 24_000), playout.Epoch);
        Assert.Equal(64, playout.Interrupt(fadeMs: 8));
        playout.ChangeCodec(G711Codec.MuLaw);
        Assert.Equal(PlayoutFrame.Fade, playout.NextFrame(_payload));
        Assert.Equal(PlayoutFrame.Silence, playout.NextFrame(_payload));
    }

    [Fact]
    public void StartFiller_AndAChangeOfRate_GoesOn()
    {
        _playout.StartFiller(Sine(800, 24_000), loop: true);
        Assert.InRange(Goertzel.LevelDbov(Heard(10).AsSpan(1600), 800, 16000), -14, -12.5);
        _playout.ChangeCodec(G711Codec.MuLaw);
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(PlayoutFrame.Filler, _playout.NextFrame(_payload, _sent, out _));
            // Where the recording begins anew, the filter does too.
            Assert.InRange(Goertzel.LevelDbov(_sent, 800, 8000), -15, -12.5);
        }
        _playout.StopFiller();
        _playout.NextFrame(_payload);
        Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
    }

    [Fact]
    public void Keys_OnAWideLine_AreHeard()
    {
        _playout.Keys.TryQueue('8', 100);
        var detector = new DtmfDetector();
        var keys = "";
        for (var i = 0; i < 9; i++)
        {
            _playout.NextFrame(_payload, _sent, out _);
            keys += detector.Process(_sent);
        }
        Assert.Equal("8", keys);
    }

    [Fact]
    public void EnqueueAndNextFrame_SteadyState_AllocateNothing()
    {
        var chunk = Sine(400, 960);
        for (var i = 0; i < 100; i++) Cycle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++) Cycle();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle()
        {
            _playout.Enqueue(chunk, _playout.Epoch);
            _playout.NextFrame(_payload);
            _playout.NextFrame(_payload);
        }
    }

    // 18 dB below the recording: automatic gain adds all that it may.
    private static short[] QuietWords()
    {
        using var recorded = typeof(Playout).Assembly.GetManifestResourceStream("apology.wav")!;
        return [.. WavReader.Read(recorded).Samples.Select(static s => (short)(s / 8))];
    }

    private double Power(Playout playout, short[] words)
    {
        playout.Enqueue(words, playout.Epoch);
        playout.EndGeneration();
        var power = 0.0;
        while (playout.NextFrame(_payload, _sent, out _) != PlayoutFrame.SpeechEnd) power += _sent.Sum(static s => (double)s * s);
        return power;
    }

    private short[] Heard(int frames)
    {
        var heard = new List<short>();
        for (var i = 0; i < frames; i++)
        {
            _playout.NextFrame(_payload, _sent, out _);
            heard.AddRange(Decoded());
        }
        return [.. heard];
    }

    private short[] Decoded()
    {
        var pcm = new short[320];
        Assert.Equal(320, _ear.Decode(_payload, pcm));
        return pcm;
    }

    private static short[] Sine(double hz, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (short)(10_000 * Math.Sin(2 * Math.PI * hz * i / 24_000)))];
}
