namespace VoiceGateway.Rtp.Tests.Reception;

public class SsrcFilterTests
{
    private readonly SsrcFilter _filter = new();

    private string Feed(params uint[] ssrcs) =>
        string.Concat(ssrcs.Select(ssrc => _filter.Accepts(ssrc, out var changed) ? (changed ? '!' : '+') : '-'));

    [Fact]
    public void Accepts_FirstPacket_StartsTheStreamEvenWithSsrcZero() => Assert.Equal("!+", Feed(0, 0));

    [Fact]
    public void Accepts_NewSsrc_IsFollowedAtOnceAndStragglersDropped() => Assert.Equal("!+!-+-+-+-+", Feed(1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2));

    [Fact]
    public void Accepts_ReplacedSsrcGoesOnAlone_ComesBack() => Assert.Equal("!!--!+", Feed(1, 2, 1, 1, 1, 1));

    [Fact]
    public void Accepts_ZeroAsReplacedSsrc_IsToldFromNone() => Assert.Equal("!!-+", Feed(0, 7, 0, 7));

    [Fact]
    public void Accepts_ThirdSsrc_IsFollowed() => Assert.Equal("!!!", Feed(1, 2, 3));
}
