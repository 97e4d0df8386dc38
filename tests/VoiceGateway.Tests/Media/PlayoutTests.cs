using VoiceGateway.Codecs;
using VoiceGateway.Media;

namespace VoiceGateway.Tests.Media;

public sealed class PlayoutTests : IDisposable
{
    private readonly Playout _playout = new(G711Codec.MuLaw, maxSeconds: 60);
    private readonly byte[] _payload = new byte[160];

    public void Dispose() => _playout.Dispose();

    [Fact]
    public void NextFrame_NothingQueued_IsSilence()
    {
        Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
        Assert.All(_payload, code => Assert.Equal(G711Codec.MuLaw.SilenceCode, code));
    }

    [Fact]
    public void NextFrame_WholeTurn_StartsSpeaksAndEnds()
    {
        _playout.Enqueue(Sine(1000, 1440), _playout.Epoch);
        _playout.EndGeneration();
        Assert.Equal(PlayoutFrame.SpeechStart, _playout.NextFrame(_payload));
        Assert.Equal(PlayoutFrame.Speech, _playout.NextFrame(_payload));
        Assert.Equal(PlayoutFrame.Speech, _playout.NextFrame(_payload));
        // The filter's tail.
        Assert.Equal(PlayoutFrame.SpeechEnd, _playout.NextFrame(_payload));
        Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
        Assert.Equal(_playout.QueuedSamples, _playout.PlayedSamples);
    }

    [Fact]
    public void NextFrame_ModelPausesInsideATurn_CountsOneUnderrunAndRebuffers()
    {
        _playout.Enqueue(Sine(1000, 480), _playout.Epoch);
        Assert.Equal(PlayoutFrame.SpeechStart, _playout.NextFrame(_payload));
        Assert.Equal(PlayoutFrame.Underrun, _playout.NextFrame(_payload));
        Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
        _playout.Enqueue(Sine(1000, 480), _playout.Epoch);
        Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
        _playout.Enqueue(Sine(1000, 960), _playout.Epoch);
        Assert.Equal(PlayoutFrame.SpeechStart, _playout.NextFrame(_payload));
    }

    [Fact]
    public void NextFrame_AudioOfATone_IsTheToneAt8kHz()
    {
        _playout.Enqueue(Sine(1000, 24_000), _playout.Epoch);
        var pcm = new List<short>();
        while (_playout.NextFrame(_payload) is not PlayoutFrame.Underrun) pcm.AddRange(Decode());
        Assert.Equal(8000, pcm.Count);
        var rms = Math.Sqrt(pcm.Skip(100).Average(s => (double)s * s));
        Assert.InRange(rms, 10_000 / Math.Sqrt(2) * 0.97, 10_000 / Math.Sqrt(2) * 1.03);
        Assert.InRange(Goertzel.LevelDbov(pcm.Skip(160).Take(800).ToArray(), 1000, 8000), -14, -9);
    }

    [Fact]
    public void Interrupt_MidReply_NextFrameIsTheFadeAndNothingStaleFollows()
    {
        _playout.Enqueue(Sine(400, 48_000), _playout.Epoch);
        for (var i = 0; i < 5; i++) _playout.NextFrame(_payload);
        var last = Decode()[^1];
        _playout.Interrupt(fadeMs: 8);
        Assert.Equal(PlayoutFrame.Fade, _playout.NextFrame(_payload));
        var fade = Decode();
        // No step larger than the tone's own plus what a 5 ms fade leaves: a click would be thousands.
        var largestOfTheTone = 10_000 * 2 * Math.PI * 400 / 8000;
        var previous = last;
        foreach (var sample in fade)
        {
            Assert.InRange(Math.Abs(sample - previous), 0, largestOfTheTone + 10_000 * Math.PI / (2 * 40) + 300);
            previous = sample;
        }
        Assert.All(fade.Skip(64), sample => Assert.InRange(sample, (short)-8, (short)8));
        for (var i = 0; i < 10; i++) Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
        Assert.False(_playout.IsAudible);
    }

    [Fact]
    public void Interrupt_ThenNewReply_PositionsJumpOverWhatWasCancelled()
    {
        _playout.Enqueue(Sine(400, 48_000), _playout.Epoch);
        for (var i = 0; i < 10; i++) _playout.NextFrame(_payload);
        Assert.Equal(10 * 160 + 64, _playout.Interrupt(fadeMs: 8));
        _playout.NextFrame(_payload);
        Assert.Equal(16_000, _playout.PlayedSamples);
        _playout.Enqueue(Sine(400, 480), _playout.Epoch);
        _playout.EndGeneration();
        Assert.Equal(PlayoutFrame.SpeechStart, _playout.NextFrame(_payload));
        Assert.Equal(16_160, _playout.PlayedSamples);
    }

    [Fact]
    public void Enqueue_ChunkOvertakenByACut_IsLeftOut()
    {
        var before = _playout.Epoch;
        _playout.Enqueue(Sine(400, 4800), before);
        _playout.Interrupt(fadeMs: 8);
        _playout.Enqueue(Sine(400, 4800), before);
        Assert.Equal(PlayoutFrame.Fade, _playout.NextFrame(_payload));
        Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
    }

    [Fact]
    public void Interrupt_NothingQueued_LeavesSilence()
    {
        _playout.Interrupt(8);
        Assert.Equal(PlayoutFrame.Silence, _playout.NextFrame(_payload));
    }

    [Fact]
    public void SetGain_Ducked_FallsWithinOneFrameAndComesBack()
    {
        _playout.Enqueue(Sine(400, 48_000), _playout.Epoch);
        _playout.NextFrame(_payload);
        _playout.SetGain(0.2f);
        _playout.NextFrame(_payload);
        _playout.NextFrame(_payload);
        Assert.InRange(Decode().Max(s => Math.Abs((int)s)), 1700, 2300);
        _playout.SetGain(1);
        _playout.NextFrame(_payload);
        _playout.NextFrame(_payload);
        Assert.InRange(Decode().Max(s => Math.Abs((int)s)), 9300, 10_700);
    }

    [Fact]
    public void ChangeCodec_MidReply_CarriesTheQueueOver()
    {
        _playout.Enqueue(Sine(400, 4800), _playout.Epoch);
        _playout.ChangeCodec(G711Codec.ALaw);
        _playout.NextFrame(_payload);
        _playout.NextFrame(_payload);
        var pcm = new short[160];
        G711Codec.ALaw.Decode(_payload, pcm);
        Assert.InRange(pcm.Max(s => Math.Abs((int)s)), 9300, 10_700);
    }

    [Fact]
    public void NextFrame_AroundAChangeOfCodec_TellsWhatEachFrameIsIn()
    {
        var pcm = new short[160];
        _playout.NextFrame(_payload, pcm, out var before);
        _playout.ChangeCodec(G711Codec.ALaw);
        _playout.NextFrame(_payload, pcm, out var after);
        Assert.Equal((G711Codec.MuLaw, G711Codec.ALaw), (before, after));
        Assert.All(_payload, code => Assert.Equal(G711Codec.ALaw.SilenceCode, code));
    }

    [Fact]
    public void NextFrame_WhateverLeaves_TellsWhatItSoundsLike()
    {
        _playout.Enqueue(Sine(400, 48_000), _playout.Epoch);
        var sent = new short[160];
        for (var i = 0; i < 20; i++)
        {
            _playout.SetGain(i / 20f);
            _playout.NextFrame(_payload, sent, out _);
            Assert.Equal(Decode(), sent);
        }
    }

    [Fact]
    public void Enqueue_WithGain_IsThatMuchLouderAndNeverClips()
    {
        using var louder = new Playout(G711Codec.MuLaw, maxSeconds: 60, levels: new LevelOptions { GainDb = 6 });
        louder.Enqueue(Sine(1000, 24_000), louder.Epoch);
        for (var i = 0; i < 10; i++) louder.NextFrame(_payload);
        Assert.InRange(Decode().Max(s => Math.Abs((int)s)), 19_000, 21_000);

        louder.Enqueue([.. Enumerable.Range(0, 24_000).Select(i => (short)(30_000 * Math.Sin(2 * Math.PI * 400 * i / 24_000)))], louder.Epoch);
        for (var i = 0; i < 50; i++) louder.NextFrame(_payload);
        var pcm = Decode();
        // Limited at 1 dB below full scale, and still a sine.
        Assert.InRange(pcm.Max(s => Math.Abs((int)s)), 27_000, 30_200);
        Assert.InRange(Goertzel.LevelDbov(pcm, 400, 8000), -4.6, -3.5);
    }

    [Fact]
    public void NextFrame_ComfortNoise_IsInThePausesAndNotInSpeech()
    {
        using var noisy = new Playout(G711Codec.ALaw, maxSeconds: 60, noiseDbov: -60);
        using var quiet = new Playout(G711Codec.ALaw, maxSeconds: 60);
        var pcm = new short[160];
        var power = 0.0;
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(PlayoutFrame.Silence, noisy.NextFrame(_payload, pcm, out _));
            power += pcm.Average(static s => (double)s * s) / 200;
        }
        Assert.Equal(-60, 10 * Math.Log10(power / (32124.0 * 32124)), 1.0);

        var same = new byte[160];
        foreach (var playout in (Playout[])[noisy, quiet]) playout.Enqueue(Sine(400, 4800), playout.Epoch);
        for (var i = 0; i < 9; i++)
        {
            Assert.Equal(quiet.NextFrame(same), noisy.NextFrame(_payload));
            Assert.Equal(same, _payload);
        }
        foreach (var playout in (Playout[])[noisy, quiet]) playout.EndGeneration();
        // The end of the reply is in the frame, and noise behind it.
        for (var i = 0; i < 3; i++) (quiet.NextFrame(same), noisy.NextFrame(_payload)).ToString();
        Assert.NotEqual(same, _payload);
    }

    [Fact]
    public void NextFrame_KeysAreSent_TheReplyWaitsAndGoesOn()
    {
        _playout.Enqueue(Sine(400, 48_000), _playout.Epoch);
        _playout.NextFrame(_payload);
        Assert.True(_playout.Keys.TryQueue('5', 100));
        Assert.True(_playout.Keys.TryQueue('#', 60));
        var heard = new List<short>();
        // 100 + 80 ms, 60 + 80 ms.
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(PlayoutFrame.Key, _playout.NextFrame(_payload));
            heard.AddRange(Decode());
        }
        Assert.Equal(160, _playout.PlayedSamples);
        Assert.True(_playout.Keys.IsIdle);
        Assert.Equal(PlayoutFrame.Speech, _playout.NextFrame(_payload));
        Assert.Equal(320, _playout.PlayedSamples);

        var detector = new DtmfDetector();
        var keys = "";
        foreach (var chunk in heard.ToArray().Chunk(160)) keys += detector.Process(chunk);
        Assert.Equal("5#", keys);
    }

    [Fact]
    public void EnqueueAndNextFrame_SteadyState_AllocateNothing()
    {
        var chunk = Sine(400, 960);
        for (var i = 0; i < 200; i++) Cycle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Cycle();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle()
        {
            _playout.Enqueue(chunk, _playout.Epoch);
            _playout.NextFrame(_payload);
            _playout.NextFrame(_payload);
        }
    }

    [Fact]
    public void StartFiller_NothingElseToSay_SoundsAndCountsAsNothing()
    {
        _playout.StartFiller(Sine(800, 24_000), loop: true);
        for (var i = 0; i < 100; i++) Assert.Equal(PlayoutFrame.Filler, _playout.NextFrame(_payload));
        Assert.InRange(Decode().Max(s => Math.Abs((int)s)), 9300, 10_700);
        Assert.False(_playout.IsAudible);
        Assert.Equal((0, 0), (_playout.QueuedSamples, _playout.PlayedSamples));
    }

    [Fact]
    public void StopFiller_FadesOutInOneFrameWithoutAClick()
    {
        _playout.StartFiller(Sine(400, 24_000), loop: true);
        var heard = new List<short>();
        for (var i = 0; i < 3; i++) Next();
        _playout.StopFiller();
        Assert.Equal(PlayoutFrame.Filler, Next());
        Assert.Equal(PlayoutFrame.Silence, Next());
        Assert.False(_playout.IsFilling);
        Assert.All(heard.Skip(3 * 160 + 66), sample => Assert.InRange(sample, (short)-8, (short)8));
        var steepest = 10_000 * 2 * Math.PI * 400 / 8000 + 10_000 / 64.0 + 300;
        for (var i = 1; i < heard.Count; i++) Assert.InRange(Math.Abs(heard[i] - heard[i - 1]), 0, steepest);

        PlayoutFrame Next()
        {
            var kind = _playout.NextFrame(_payload);
            heard.AddRange(Decode());
            return kind;
        }
    }

    /// <summary>The model's first words come at once and in full; the filler ends under them.</summary>
    [Fact]
    public void Enqueue_WhileTheFillerSounds_NothingOfTheReplyIsLost()
    {
        _playout.StartFiller(Sine(400, 24_000), loop: true);
        for (var i = 0; i < 5; i++) _playout.NextFrame(_payload);
        _playout.Enqueue(Sine(1000, 4800), _playout.Epoch);
        _playout.EndGeneration();
        Assert.Equal(PlayoutFrame.SpeechStart, _playout.NextFrame(_payload));
        Assert.Equal(160, _playout.PlayedSamples);
        Assert.False(_playout.IsFilling);
        Assert.Equal(PlayoutFrame.Speech, _playout.NextFrame(_payload));
        // The reply alone: the tone of the filler is gone.
        Assert.InRange(Goertzel.LevelDbov(Decode(), 400, 8000), -400, -40);
        Assert.InRange(Goertzel.LevelDbov(Decode(), 1000, 8000), -14, -9);
    }

    [Fact]
    public void StartFiller_WhileTheModelWaitsForATool_IsNoUnderrun()
    {
        _playout.Enqueue(Sine(1000, 960), _playout.Epoch);
        _playout.Pause();
        _playout.StartFiller(Sine(400, 24_000), loop: false);
        PlayoutFrame[] kinds = [.. Enumerable.Range(0, 60).Select(_ => _playout.NextFrame(_payload))];
        Assert.DoesNotContain(PlayoutFrame.Underrun, kinds);
        Assert.Equal(50, kinds.Count(static k => k == PlayoutFrame.Filler), 1.0);
        Assert.False(_playout.IsFilling);
    }

    [Fact]
    public void SetGain_WhileTheFillerSounds_DucksItToo()
    {
        _playout.StartFiller(Sine(400, 24_000), loop: true);
        _playout.NextFrame(_payload);
        _playout.SetGain(0.2f);
        _playout.NextFrame(_payload);
        Assert.InRange(Decode().Skip(64).Max(s => Math.Abs((int)s)), 1700, 2300);
    }

    [Fact]
    public void NextFrame_WithAFiller_AllocatesNothing()
    {
        _playout.StartFiller(Sine(400, 24_000), loop: true);
        for (var i = 0; i < 100; i++) _playout.NextFrame(_payload);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _playout.NextFrame(_payload);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private short[] Decode()
    {
        var pcm = new short[160];
        G711Codec.MuLaw.Decode(_payload, pcm);
        return pcm;
    }

    private static short[] Sine(double hz, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (short)(10_000 * Math.Sin(2 * Math.PI * hz * i / 24_000)))];
}
