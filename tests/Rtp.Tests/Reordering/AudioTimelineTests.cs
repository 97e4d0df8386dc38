namespace VoiceGateway.Rtp.Tests.Reordering;

public class AudioTimelineTests
{
    private readonly AudioTimeline _timeline = new(8000, 1000);

    private int Audio(uint timestamp, long atMs, bool marker = false)
    {
        Assert.True(_timeline.TryContinue(timestamp, marker, atMs, out var lost));
        return lost;
    }

    [Fact]
    public void TryContinue_MissingPackets_GivesTheSamplesBetween()
    {
        Audio(0, 0);
        Audio(160, 20);
        _timeline.Missing(2);

        Assert.Equal(320, Audio(640, 80));
    }

    [Fact]
    public void TryContinue_MissingRightAfterTheFirst_DividesTheTime()
    {
        Audio(0, 0);
        _timeline.Missing(2);

        Assert.Equal(480, Audio(720, 90));
    }

    [Fact]
    public void TryContinue_TimestampWrap_IsNoLoss()
    {
        Audio(uint.MaxValue - 159, 0);

        Assert.Equal(0, Audio(0, 20));
    }

    [Fact]
    public void TryContinue_SuppressedSilence_IsNoLoss()
    {
        Audio(0, 0);
        Audio(160, 20);

        Assert.Equal(0, Audio(8160, 1020));
    }

    [Fact]
    public void TryContinue_LossNextToSuppressedSilence_CountsOnlyWhatThePacketsHeld()
    {
        Audio(0, 0);
        Audio(160, 20);
        _timeline.Missing(1);

        Assert.Equal(160, Audio(8160, 1020));
    }

    [Fact]
    public void TryContinue_MissingTelephoneEvents_AreNoSamples()
    {
        Audio(0, 0);
        Audio(160, 20);
        _timeline.Missing(3);

        Assert.Equal(0, Audio(320, 40));
    }

    [Fact]
    public void TryContinue_AfterOtherPackets_DoesNotTakeTheGapForThePacketLength()
    {
        Audio(0, 0);
        Audio(160, 20);
        _timeline.OtherPacket();
        Audio(960, 120);
        Audio(1120, 140);
        _timeline.Missing(1);

        Assert.Equal(160, Audio(1440, 180));
    }

    [Fact]
    public void TryContinue_PacketLengthGrows_IsFollowed()
    {
        Audio(0, 0);
        Audio(160, 20);
        Audio(480, 60);
        _timeline.Missing(1);

        Assert.Equal(320, Audio(1120, 140));
    }

    [Fact]
    public void TryContinue_MarkerAfterAShortPause_DoesNotTakeItForThePacketLength()
    {
        Audio(0, 0);
        Audio(160, 20);
        Audio(960, 120, marker: true);
        _timeline.Missing(1);

        Assert.Equal(160, Audio(1280, 160));
    }

    [Fact]
    public void TryContinue_Backwards_RestartsTheTimeline()
    {
        Audio(100_000, 0);

        Assert.False(_timeline.TryContinue(50_000, false, 20, out var lost));
        Assert.Equal(0, lost);
        Assert.Equal(0, Audio(50_160, 40));
    }

    [Fact]
    public void TryContinue_LeapBeyondTheTimePassed_RestartsTheTimeline()
    {
        Audio(0, 0);

        Assert.False(_timeline.TryContinue(8000 * 60, false, 20, out _));
    }

    [Fact]
    public void TryContinue_LongPauseWithRunningTimestamps_Continues()
    {
        Audio(0, 0);

        Assert.Equal(0, Audio(8000 * 60, 60_000));
    }

    [Fact]
    public void TryContinue_LongOutage_GivesAllThatWasLost()
    {
        Audio(0, 0);
        Audio(160, 20);
        _timeline.Missing(149);

        Assert.Equal(149 * 160, Audio(160 + (150 * 160), 3020));
    }
}
