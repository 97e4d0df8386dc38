namespace VoiceGateway.GeminiLive.Tests;

public sealed class CallerReplayTests : IDisposable
{
    private const int Most = 400;

    private readonly CountingPool _pool = new();
    private readonly CallerReplay _replay;
    private int _number;
    private bool _narrowband = true;

    public CallerReplayTests() => _replay = new CallerReplay(_pool, Most);

    public void Dispose()
    {
        _replay.Dispose();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Frames_AreTakenInOrderOnce()
    {
        Append(3, voiced: false);
        Assert.Equal([0, 1, 2], Take());
        Assert.Empty(Take());
        Append(1, voiced: true);
        Assert.Equal([3], Take());
    }

    [Fact]
    public void Silence_OnlyTheNewestHalfSecondIsKept()
    {
        for (var i = 0; i < 1000; i++)
        {
            Append(1, voiced: false);
            Take();
        }
        _replay.RewindToRemembered();
        var kept = Take();
        Assert.InRange(kept.Count, CallerReplay.PreRollFrames, 2 * CallerReplay.PreRollFrames);
        Assert.Equal(999, kept[^1]);
        Assert.Equal(0, _replay.LostFrames);
    }

    [Fact]
    public void Utterance_IsKeptFromBeforeItsOnset_UntilTheModelRemembers()
    {
        Live(500, voiced: false);
        Live(100, voiced: true);
        Live(60, voiced: false);
        _replay.RewindToRemembered();
        var kept = Take();
        Assert.Subset(kept.ToHashSet(), Enumerable.Range(500 - CallerReplay.PreRollFrames, CallerReplay.PreRollFrames + 160).ToHashSet());

        _replay.MarkAnswered();
        _replay.Checkpoint();
        _replay.RewindToRemembered();
        Assert.InRange(Take().Count, 0, 2 * CallerReplay.PreRollFrames);
    }

    [Fact]
    public void SilenceBehindAnUtterance_DoesNotPushItOut()
    {
        Live(100, voiced: true);
        Live(5000, voiced: false);
        Live(50, voiced: true);
        _replay.RewindToRemembered();
        var kept = Take();
        Assert.Subset(kept.ToHashSet(), Enumerable.Range(0, 150).ToHashSet());
        Assert.Subset(kept.ToHashSet(), Enumerable.Range(5100 - CallerReplay.PreRollFrames, CallerReplay.PreRollFrames + 50).ToHashSet());
        Assert.Equal(kept.Order(), kept);
        Assert.Equal(0, _replay.LostFrames);
    }

    [Fact]
    public void Checkpoint_InTheMiddleOfAnUtterance_KeepsAllOfIt()
    {
        Live(200, voiced: true);
        Live(300, voiced: false);
        Live(40, voiced: true);
        _replay.Checkpoint();
        _replay.RewindToRemembered();
        var kept = Take();
        Assert.DoesNotContain(100, kept);
        Assert.Subset(kept.ToHashSet(), Enumerable.Range(500, 40).ToHashSet());
    }

    [Fact]
    public void WhileNothingIsSent_AllIsKept_UpToTheLimit()
    {
        Append(Most, voiced: true);
        Assert.Equal(Enumerable.Range(0, Most), Take());
        _replay.RewindToRemembered();
        Append(1, voiced: true);
        var kept = Take();
        Assert.True(_replay.LostFrames > 0);
        Assert.Equal(Most, kept[^1]);
        Assert.Equal(_replay.LostFrames, kept[0]);
    }

    [Fact]
    public void AtTheLimit_APauseIsSparedBeforeAWord()
    {
        Append(100, voiced: true);
        Append(Most, voiced: false);
        Append(100, voiced: true);
        var kept = Take();
        Assert.Subset(kept.ToHashSet(), Enumerable.Range(0, 100).Concat(Enumerable.Range(Most + 100, 100)).ToHashSet());
        Assert.Equal(0, _replay.LostFrames);
    }

    [Fact]
    public void Checkpoint_BeforeTheAnswer_KeepsTheQuestionForASessionWithoutMemory()
    {
        Live(100, voiced: true);
        Live(100, voiced: false);
        _replay.Checkpoint();
        _replay.RewindToRemembered();
        Assert.DoesNotContain(50, Take());
        _replay.RewindToAnswered();
        Assert.Subset(Take().ToHashSet(), Enumerable.Range(0, 100).ToHashSet());
    }

    [Fact]
    public void Answered_OnlyWhatCameAfterIsGivenToASessionThatIsToldTheRest()
    {
        Live(100, voiced: true);
        Live(100, voiced: false);
        _replay.MarkAnswered();
        Live(30, voiced: true);
        _replay.RewindToAnswered();
        var kept = Take();
        Assert.DoesNotContain(99, kept);
        Assert.Subset(kept.ToHashSet(), Enumerable.Range(200, 30).ToHashSet());
    }

    /// <summary>Whatever happens: what was voiced since the model last remembered is there, in order, and nothing unsent is lost.</summary>
    [Fact]
    public void AnyHistory_NoVoicedOrUnsentFrameIsMissing()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            using var replay = new CallerReplay(_pool, 4000);
            var owed = new SortedSet<int>();
            var silence = new HashSet<int>();
            var number = 0;
            var up = true;
            for (var step = 0; step < 40; step++)
            {
                switch (random.Next(6))
                {
                    case 0:
                        up = !up;
                        if (!up) break;
                        Check(replay, owed);
                        // Silence that has been delivered is owed no more.
                        owed.ExceptWith(silence);
                        break;
                    case 1 when up:
                        replay.Checkpoint();
                        owed.Clear();
                        break;
                    default:
                        var voiced = random.Next(2) == 0;
                        for (var left = random.Next(1, 120); left > 0; left--)
                        {
                            Append(replay, number, voiced);
                            if (!voiced) silence.Add(number);
                            if (voiced || !up) owed.Add(number);
                            number++;
                            while (up && replay.TryNext([], out _, out _)) { }
                        }
                        break;
                }
            }
            Check(replay, owed);
        }
    }

    /// <summary>Some peers alternate between codecs: what was kept before is there as it was, and what is kept afterwards as wide as it came.</summary>
    [Fact]
    public void LineChangesItsBand_AllIsThereAgain_AsWideAsItCame()
    {
        var narrow = KeptFrameTests.Voice(1, 3400);
        var wide = KeptFrameTests.Voice(1, 7000, hiss: 1);
        foreach (var narrowband in (bool[])[true, false, true])
            for (var at = 0; at < narrow.Length; at += PcmFormat.SamplesPerFrame)
                _replay.Append((narrowband ? narrow : wide).AsSpan(at, PcmFormat.SamplesPerFrame), true, narrowband);

        List<short> again = [];
        while (_replay.TryNext([], out var frame, out var voiced))
        {
            Assert.True(voiced);
            again.AddRange(frame);
        }
        Assert.Equal(3 * narrow.Length, again.Count);
        var heard = again.ToArray().AsSpan();
        // The first second was kept twice: as it came, then as it was needed beside the second.
        Assert.InRange(KeptFrameTests.SignalToNoise(narrow, heard[..narrow.Length]), 25, 60);
        Assert.InRange(KeptFrameTests.SignalToNoise(wide, heard[narrow.Length..^narrow.Length]), 22, 60);
        Assert.InRange(KeptFrameTests.SignalToNoise(narrow, heard[^narrow.Length..]), 35, 60);
    }

    [Fact]
    public void LineChangesItsBand_WhenTheLastWideFrameIsForgotten_HalfIsKeptAgain()
    {
        Live(300, voiced: true);
        var narrow = _pool.Outstanding;
        _narrowband = false;
        Live(1, voiced: true);
        Assert.InRange(_pool.Outstanding, (2 * narrow) - 1, (2 * narrow) + 2);
        _narrowband = true;
        Live(60, voiced: false);
        Assert.InRange(_pool.Outstanding, 2 * narrow, 3 * narrow);

        _replay.MarkAnswered();
        _replay.Checkpoint();
        Live(260, voiced: true);
        Assert.InRange(_pool.Outstanding, narrow - 2, narrow + 2);
        _replay.RewindToRemembered();
        Assert.Equal(Enumerable.Range(_number - 260, 260), Take().TakeLast(260));
    }

    /// <summary>The figures of the documentation: what a second of speech holds, and what a line that is silent does.</summary>
    [Theory]
    [InlineData(true, 6500, 6200)]
    [InlineData(false, 12900, 8200)]
    public void BytesHeld_BySpeechAndBySilence(bool narrowband, int perSecond, int bySilence)
    {
        _narrowband = narrowband;
        Live(500, voiced: false);
        Assert.InRange(_pool.Outstanding * FrameStore.ArrayBytes, 0, bySilence);
        Live(350, voiced: true);
        Assert.InRange(_pool.Outstanding * FrameStore.ArrayBytes, 0, 8 * perSecond);
        Live(50, voiced: false);
        _replay.MarkAnswered();
        _replay.Checkpoint();
        Live(100, voiced: false);
        Assert.InRange(_pool.Outstanding * FrameStore.ArrayBytes, 0, bySilence);
    }

    [Fact]
    public void NewestFrame_WhileWhoBroughtItIsThere_IsTheOneThatCame()
    {
        var frame = KeptFrameTests.Voice(0.02, 7000, hiss: 1);
        _replay.Append(frame, true, narrowband: true);
        Assert.True(_replay.TryNext(frame, out var taken, out var voiced));
        Assert.True(voiced);
        Assert.Equal(frame, taken);
    }

    private static void Check(CallerReplay replay, SortedSet<int> owed)
    {
        replay.RewindToRemembered();
        var kept = Take(replay);
        Assert.Equal(kept.Order().Distinct(), kept);
        Assert.Subset(kept.ToHashSet(), owed.ToHashSet());
        Assert.Equal(0, replay.LostFrames);
    }

    private void Live(int frames, bool voiced)
    {
        for (; frames > 0; frames--)
        {
            Append(1, voiced);
            Take();
        }
    }

    private void Append(int frames, bool voiced)
    {
        for (; frames > 0; frames--) Append(_replay, _number++, voiced, _narrowband);
    }

    private static void Append(CallerReplay replay, int number, bool voiced, bool narrowband = true)
    {
        var frame = new short[PcmFormat.SamplesPerFrame];
        NumberedFrame.Write(number, frame);
        replay.Append(frame, voiced, narrowband);
    }

    private List<int> Take() => Take(_replay);

    private static List<int> Take(CallerReplay replay)
    {
        var taken = new List<int>();
        while (replay.TryNext([], out var frame, out _)) taken.Add(NumberedFrame.Read(frame));
        return taken;
    }
}
