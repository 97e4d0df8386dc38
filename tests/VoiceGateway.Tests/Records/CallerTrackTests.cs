using VoiceGateway.Records;

namespace VoiceGateway.Tests.Records;

/// <summary>An hour of a caller whose clock is not ours, in simulated time: where each moment of the voice lies in the recording.</summary>
public sealed class CallerTrackTests
{
    private const int Frame = CallerTrack.FrameSamples;
    private const int FramesOfAnHour = 180_000;

    // The voice counts its own samples, so that each of them says when it was spoken.
    private const int Cycle = 16_384;

    private readonly CallerTrack _track = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(200, 0)]
    [InlineData(-200, 0)]
    [InlineData(200, 18)]
    [InlineData(-200, 18)]
    [InlineData(100, 55)]
    public void TryRead_AnHourOfDrift_StaysWithin40Ms(double ppm, double jitterMs)
    {
        var (worst, holes) = Record(FramesOfAnHour, 20, ppm, jitterMs);

        Assert.InRange(worst, 0, 40);
        // Jitter of more than what waits makes a hole before that is known, and never again; drift makes none.
        Assert.InRange(holes, 0, jitterMs > 20 ? 20 : 0);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(60)]
    public void TryRead_OtherPacketTimes_StayWithin60Ms(int packetMs)
    {
        var (worst, holes) = Record(10_000, packetMs, 200, 5);
        Assert.InRange(worst, 0, 60);
        Assert.InRange(holes, 0, 5);
    }

    [Fact]
    public void TryRead_NoDrift_IsBitExact()
    {
        Span<short> frame = stackalloc short[Frame];
        Span<short> packet = stackalloc short[Frame];
        short written = 0;
        short expected = 0;
        for (var tick = 0; tick < 500; tick++)
        {
            var read = _track.TryRead(frame);
            Assert.Equal(tick >= 2, read);
            for (var i = 0; read && i < Frame; i++) Assert.Equal(expected++, frame[i]);
            foreach (ref var sample in packet) sample = written++;
            _track.Write(packet);
        }
    }

    [Fact]
    public void TryRead_TooMuchAtOnce_IsMadeUpForWithinSeconds()
    {
        Span<short> frame = stackalloc short[Frame];
        var packet = new short[Frame];
        for (var tick = 0; tick < 20; tick++) Tick(frame);
        // 100 ms that were filled in, and came after all.
        for (var i = 0; i < 5; i++) _track.Write(packet);
        for (var tick = 0; tick < 200; tick++) Tick(frame);
        var waiting = 0;
        while (_track.TryRead(frame) && waiting < 20 && frame.IndexOfAnyExcept((short)0) >= 0) waiting++;
        Assert.InRange(waiting, 1, 4);

        void Tick(Span<short> into)
        {
            _track.TryRead(into);
            packet.AsSpan().Fill(1000);
            _track.Write(packet);
        }
    }

    [Fact]
    public void TryRead_MoreThanAnyJitter_GoesBackAtOnce()
    {
        Span<short> frame = stackalloc short[Frame];
        for (var tick = 0; tick < 3; tick++) _track.TryRead(frame);
        for (short i = 1; i <= 20; i++) _track.Write(Enumerable.Repeat(i, Frame).ToArray());
        _track.TryRead(frame);
        Assert.Equal(19, frame[0]);
    }

    [Fact]
    public void TryRead_Stretched_JoinsFrameToFrame()
    {
        // A slope stays one, however many samples of it make a frame.
        Span<short> frame = stackalloc short[Frame];
        var packet = new short[163];
        var spoken = 0;
        var (last, steps) = (0, 0);
        for (var tick = 0; tick < 400; tick++)
        {
            if (_track.TryRead(frame) && tick > 5)
            {
                foreach (var sample in frame)
                {
                    if (steps++ > 0) Assert.InRange(sample - last, -2, 2);
                    last = sample;
                }
            }
            // A caller who is 2 % too fast.
            for (var i = 0; i < packet.Length; i++) packet[i] = (short)(1 + Math.Abs(spoken++ % 20_000 - 10_000));
            _track.Write(packet);
        }
        Assert.InRange(spoken / 163.0 - steps / 160.0, 0, 12);
    }

    /// <returns>Milliseconds by which the recording was off at worst, and frames without sound after the first second.</returns>
    private (double WorstMs, int Holes) Record(int frames, int packetMs, double ppm, double jitterMs)
    {
        var random = new Random(7);
        var packet = new short[packetMs * 8];
        Span<short> frame = stackalloc short[Frame];
        var pace = packetMs * (1 + ppm * 1e-6);
        long packets = 0;
        var arrival = 7.0;
        long recorded = 0;
        double? first = null;
        var (worst, holes) = (0.0, 0);
        for (long tick = 0; tick < frames; tick++)
        {
            // In order: what is late holds up what follows.
            for (; arrival <= tick * 20; arrival = Math.Max(arrival, 7 + packets * pace + random.NextDouble() * jitterMs))
            {
                for (var i = 0; i < packet.Length; i++) packet[i] = (short)(1 + (packets * packet.Length + i) % Cycle);
                _track.Write(packet);
                packets++;
            }
            if (!_track.TryRead(frame)) continue;
            var at = recorded;
            recorded += Frame;
            if (tick < 100) continue;
            var (one, other) = (frame[Frame / 2], frame[Frame / 2 + 1]);
            if (one == 0)
            {
                holes++;
                continue;
            }
            if (other < one) continue;
            // Which cycle: the one nearest to where it should be.
            var expected = (at + Frame / 2) / (1 + ppm * 1e-6);
            var spoken = one - 1 + Math.Round((expected - one) / Cycle) * Cycle;
            var off = (at + Frame / 2 - spoken * (1 + ppm * 1e-6)) / 8;
            first ??= off;
            worst = Math.Max(worst, Math.Abs(off - first.Value));
        }
        return (worst, holes);
    }
}
