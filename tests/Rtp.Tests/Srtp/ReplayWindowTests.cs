namespace VoiceGateway.Rtp.Tests.Srtp;

public sealed class ReplayWindowTests
{
    [Fact]
    public void MayTake_AgainstAListOfAllThatWasTaken_IsTheSame()
    {
        var random = new Random(2);
        var window = new ReplayWindow();
        var taken = new HashSet<ulong>();
        ulong highest = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var index = Math.Max(0, (long)highest + random.Next(-200, random.Next(50) == 0 ? 400 : 5));
            var expected = !taken.Contains((ulong)index) && (taken.Count == 0 || (long)highest - index < ReplayWindow.Length);
            Assert.Equal(expected, window.MayTake((ulong)index));
            if (!expected || random.Next(8) == 0)
                continue;
            window.Take((ulong)index);
            taken.Add((ulong)index);
            highest = Math.Max(highest, (ulong)index);
        }
    }

    [Fact]
    public void MayTake_NothingTakenYet_TakesAny()
    {
        var window = new ReplayWindow();
        Assert.True(window.MayTake(0));
        Assert.True(window.MayTake(ulong.MaxValue >> 16));
        window.Take(0);
        Assert.False(window.MayTake(0));
    }
}
