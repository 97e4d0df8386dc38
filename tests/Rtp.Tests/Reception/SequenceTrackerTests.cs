namespace VoiceGateway.Rtp.Tests.Reception;

public class SequenceTrackerTests
{
    private readonly SequenceTracker _tracker = new();

    private void Run(params int[] sequence)
    {
        if (!_tracker.IsStarted)
            _tracker.Restart((ushort)sequence[0]);
        foreach (var number in sequence)
            Assert.Equal(SequenceVerdict.Valid, _tracker.Update((ushort)number));
    }

    [Fact]
    public void Update_AcrossTheWrap_CountsACycleAndNoLoss()
    {
        Run(65534, 65535, 0, 1);

        Assert.Equal(65536u + 1, _tracker.ExtendedHighest);
        Assert.Equal(0, _tracker.Lost);
    }

    [Fact]
    public void Update_Gap_CountsLossUntilTheLateOneComes()
    {
        Run(10, 11, 14);
        Assert.Equal(2, _tracker.Lost);

        Run(12);
        Assert.Equal(1, _tracker.Lost);
    }

    [Fact]
    public void Update_GapAcrossTheWrap_CountsLoss()
    {
        Run(65533, 3);

        Assert.Equal(5, _tracker.Lost);
    }

    [Fact]
    public void Update_Duplicates_MakeLossNegativeAndTotalZero()
    {
        Run(1, 1, 1);

        Assert.Equal(-2, _tracker.Lost);
        Assert.Equal(0, _tracker.TotalLost);
    }

    [Theory]
    [InlineData(1000 + 3000)]
    [InlineData(1000 - 101)]
    [InlineData(1000 + 32768)]
    public void Update_LargeJump_IsRejectedOnceAndConfirmedByTheNext(int jump)
    {
        Run(1000);

        Assert.Equal(SequenceVerdict.Rejected, _tracker.Update((ushort)jump));
        Assert.Equal(SequenceVerdict.Restarted, _tracker.Update((ushort)(jump + 1)));
        Assert.Equal((uint)(ushort)(jump + 1), _tracker.ExtendedHighest);
        Assert.Equal(SequenceVerdict.Valid, _tracker.Update((ushort)(jump + 2)));
        Assert.Equal(0, _tracker.Lost);
    }

    [Fact]
    public void Update_SingleStrayAmongGoodPackets_ChangesNothing()
    {
        Run(1000, 1001);
        Assert.Equal(SequenceVerdict.Rejected, _tracker.Update(40000));
        Run(1002, 1003);

        Assert.Equal(1003u, _tracker.ExtendedHighest);
        Assert.Equal(0, _tracker.Lost);
    }

    [Fact]
    public void TotalLost_OverRestart_KeepsWhatWasLostBefore()
    {
        Run(1, 2, 5);
        _tracker.Restart(9000);
        Run(9000, 9002);

        Assert.Equal(3, _tracker.TotalLost);
        Assert.Equal(1, _tracker.Lost);
    }

    [Fact]
    public void TakeFractionLost_PerInterval_IsInParts256()
    {
        Run(0, 1, 2, 3);
        Assert.Equal(0, _tracker.TakeFractionLost());

        Run(5, 7); // 4 expected, 2 came
        Assert.Equal(128, _tracker.TakeFractionLost());

        Run(8, 9);
        Assert.Equal(0, _tracker.TakeFractionLost());
        Assert.Equal(0, _tracker.TakeFractionLost()); // nothing expected
    }

    [Fact]
    public void TakeFractionLost_MoreDuplicatesThanLosses_IsZero()
    {
        Run(0, 1, 1, 1, 3);

        Assert.Equal(0, _tracker.TakeFractionLost());
    }
}
