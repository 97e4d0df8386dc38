namespace VoiceGateway.Rtp.Tests.Quality;

public class EModelTests
{
    // ITU-T G.107 table B.1: lower limits of R and the MOS that belongs to them; for 80 it has a hundredth more than its formula.
    [Theory]
    [InlineData(90, 4.34)]
    [InlineData(80, 4.03)]
    [InlineData(70, 3.60)]
    [InlineData(60, 3.10)]
    [InlineData(50, 2.58)]
    public void Mos_RatingsOfTableB1_AreTheTables(double rating, double mos) => Assert.Equal(mos, EModel.Mos(CodecImpairment.G711, rating), 0.01);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(4, 1)]
    [InlineData(129, 4.5)]
    public void Mos_BeyondTheScale_StaysOnIt(double rating, double mos) => Assert.Equal(mos, EModel.Mos(CodecImpairment.G722Concealed, rating), 0.005);

    [Fact]
    public void Rating_NothingWrong_IsTheDefaultOfG107()
    {
        var rating = EModel.Rating(CodecImpairment.G711, 0, 1, 0);
        Assert.Equal(93.2, rating);
        Assert.Equal(4.41, EModel.Mos(CodecImpairment.G711, rating), 0.01);
    }

    [Fact]
    public void Rating_WidebandCodec_IsOnTheScaleOfG1071()
    {
        var rating = EModel.Rating(CodecImpairment.G722Concealed, 0, 1, 0);
        Assert.Equal(116, rating);
        // 116 of 129 are 89.9 of 100.
        Assert.Equal(4.34, EModel.Mos(CodecImpairment.G722Concealed, rating), 0.01);
    }

    // By hand: at 200 ms X is 1, so that Idd = 25 (2^(1/6) - 3 (1 + 3^-6)^(1/6) + 2).
    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    [InlineData(150, 0.16)]
    [InlineData(200, 3.04)]
    [InlineData(400, 24.07)]
    public void DelayImpairment_OneWayDelay_IsThatOfSection74(double delayMs, double impairment) =>
        Assert.Equal(impairment, EModel.DelayImpairment(delayMs), 0.01);

    // 95 * 5 / (5 + 25.1) and 95 * 5 / (5 + 4.3).
    [Theory]
    [InlineData(25.1, 1, 15.78)]
    [InlineData(4.3, 1, 51.08)]
    [InlineData(4.3, 2, 69.85)]
    public void EffectiveImpairment_FivePercentLost_FollowsSection75(double robustness, double burstRatio, double impairment) =>
        Assert.Equal(impairment, EModel.EffectiveImpairment(new CodecImpairment(93.2, 0, robustness), 5, burstRatio), 0.01);

    [Fact]
    public void Rating_MoreLossOrDelay_IsNeverBetter()
    {
        var last = double.MaxValue;
        for (var loss = 0; loss <= 100; loss++)
        {
            var rating = EModel.Rating(CodecImpairment.G711Concealed, loss, 1, loss * 10);
            Assert.InRange(rating, 0, last);
            last = rating;
        }
    }

    [Theory]
    [InlineData("G722", 129)]
    [InlineData("g722", 129)]
    [InlineData("PCMU", 93.2)]
    [InlineData("PCMA", 93.2)]
    public void Of_EncodingName_IsItsScale(string name, double best) => Assert.Equal(best, CodecImpairment.Of(name).Best);
}
