namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class PlaybackClockTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Play_PiecesSentAtOnce_PlayOneAfterTheOther()
    {
        var clock = new PlaybackClock(_time);
        clock.Play(TimeSpan.FromSeconds(2));
        clock.Play(TimeSpan.FromSeconds(3));

        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.True(clock.IsPlaying);
        Assert.Equal(TimeSpan.FromSeconds(1), clock.Remaining);
    }

    [Fact]
    public void Play_AfterASilence_CountsFromNow()
    {
        var clock = new PlaybackClock(_time);
        clock.Play(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(clock.IsPlaying);

        clock.Play(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), clock.Remaining);
    }

    [Fact]
    public void Stop_WhilePlaying_NothingIsLeft()
    {
        var clock = new PlaybackClock(_time);
        clock.Play(TimeSpan.FromSeconds(5));

        clock.Stop();

        Assert.Equal(TimeSpan.Zero, clock.Remaining);
    }
}
