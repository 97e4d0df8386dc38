namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class BurstPlanTests
{
    [Fact]
    public void NextChunkBytes_ManyChunks_AreUnevenWholeSamplesWithinTheLimits()
    {
        var plan = new BurstPlan(new Delivery(), new Random(1));

        var sizes = Enumerable.Range(0, 2000).Select(_ => plan.NextChunkBytes(1_000_000)).ToList();

        Assert.All(sizes, static size => Assert.True(size is >= 2 and <= 15_360 && size % 2 == 0, $"{size}"));
        Assert.True(sizes.Distinct().Count() > 500);
        Assert.Contains(sizes, static size => size < 640);
        Assert.Contains(sizes, static size => size > 14_000);
    }

    [Fact]
    public void NextChunkBytes_LittleLeft_TakesNoMoreThanThat() =>
        Assert.Equal(2, new BurstPlan(new Delivery(), new Random(1)).NextChunkBytes(2));

    [Fact]
    public void Pause_SendingAsTold_IsFasterThanRealTimeByTheSpeed()
    {
        var plan = new BurstPlan(new Delivery { Speed = 5 }, new Random(1));
        var (sent, elapsed) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < 500; i++)
        {
            sent += SpokenAudio.DurationOf(plan.NextChunkBytes(100_000));
            elapsed += plan.Pause(sent, elapsed);
        }

        Assert.InRange(sent / elapsed, 4.9, 5.3);
    }

    [Theory]
    [InlineData("Good evening, restaurant Bella Vista, how can I help you?")]
    [InlineData("One")]
    [InlineData(" two  spaces ")]
    [InlineData("")]
    public void Cut_Fragments_GiveTheSentenceWhenJoined(string text)
    {
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(text, string.Concat(TranscriptCutter.Cut(text, new Random(seed))));
    }
}
