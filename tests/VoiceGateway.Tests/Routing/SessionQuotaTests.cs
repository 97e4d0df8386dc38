using VoiceGateway.Routing;

namespace VoiceGateway.Tests.Routing;

public sealed class SessionQuotaTests
{
    private const string Main = "main";
    private const string Other = "other";
    private readonly SettableTime _time = new();

    [Fact]
    public void TryTake_ManyAtOnce_NeverMoreThanTheLimit()
    {
        var quota = new SessionQuota(10, _time);
        var places = new System.Collections.Concurrent.ConcurrentBag<SessionPlace>();
        Parallel.For(0, 1000, _ => { if (quota.TryTake([Main], out var wait) is { } place) places.Add(place); });
        Assert.Equal(10, places.Count);
        places.First().Dispose();
        Assert.NotNull(quota.TryTake([Main], out _));
        Assert.Null(quota.TryTake([Main], out _));
    }

    [Fact]
    public void TryTake_NothingKnown_HasNoLimit()
    {
        var quota = new SessionQuota(0, _time);
        for (var i = 0; i < 5000; i++) Assert.NotNull(quota.TryTake([Main], out _));
        Assert.Null(quota.Look(Main).Limit);
    }

    [Fact]
    public void Refused_WithSessionsOpen_TheseAreTheLimit()
    {
        var quota = new SessionQuota(0, _time);
        var first = Open(quota);
        _ = Open(quota);
        var third = Take(quota);
        third.Refused(Main);
        Assert.Equal((3, 2, 2), quota.Look(Main));
        third.Dispose();
        Assert.Null(quota.TryTake([Main], out _));
        // Somebody leaves: their session is free again.
        first.Dispose();
        Assert.NotNull(quota.TryTake([Main], out _));
        Assert.Null(quota.TryTake([Main], out _));
    }

    [Fact]
    public void Refused_NothingOpen_NobodyIsAdmittedUntilItIsTried()
    {
        var quota = new SessionQuota(0, _time);
        Refuse(quota);
        Assert.Null(quota.TryTake([Main], out var wait));
        Assert.Equal(new QuotaRefusal(TimeSpan.FromSeconds(30), IsLearned: true), wait);
        Seconds(29.5);
        Assert.Null(quota.TryTake([Main], out wait));
        Assert.Equal(1, wait.RetryAfter.TotalSeconds);
        Seconds(0.5);
        Assert.NotNull(quota.TryTake([Main], out _));
        Assert.Null(quota.TryTake([Main], out wait));
        Assert.Equal(30, wait.RetryAfter.TotalSeconds);
    }

    [Fact]
    public void Limit_AfterQuietTimes_GrowsByOneEachAndIsForgotten()
    {
        var quota = new SessionQuota(0, _time);
        _ = Open(quota);
        Refuse(quota);
        List<int?> limits = [];
        for (var i = 0; i < 4; i++, Seconds(30)) limits.Add(quota.Look(Main).Limit);
        Assert.Equal([1, 2, 3, 4], limits);
        Seconds(15 * 60);
        Assert.Null(quota.Look(Main).Limit);
    }

    [Fact]
    public void Limit_Configured_IsNeverExceededByWhatIsLearned()
    {
        var quota = new SessionQuota(2, _time);
        Refuse(quota);
        Seconds(300);
        Assert.Equal(2, quota.Look(Main).Limit);
        _ = Open(quota);
        _ = Open(quota);
        // Not the service's refusal holds this one back but somebody's call.
        Assert.Null(quota.TryTake([Main], out var wait));
        Assert.Equal(new QuotaRefusal(TimeSpan.FromSeconds(5), IsLearned: false), wait);
    }

    [Fact]
    public void Refused_OnTheAttempt_StartsOver()
    {
        var quota = new SessionQuota(0, _time);
        _ = Open(quota);
        Refuse(quota);
        Seconds(95);
        Assert.Equal(4, quota.Look(Main).Limit);
        Refuse(quota);
        Assert.Equal(1, quota.Look(Main).Limit);
        Seconds(29);
        Assert.Equal(1, quota.Look(Main).Limit);
        Seconds(1);
        Assert.Equal(2, quota.Look(Main).Limit);
    }

    [Fact]
    public void RetryAfter_OfTheService_IsHonoured()
    {
        var quota = new SessionQuota(0, _time);
        Refuse(quota, retryAfter: 120);
        Seconds(40);
        // A proxy must not shun the gateway for as long as one model is short.
        Assert.Null(quota.TryTake([Main], out var wait));
        Assert.Equal(60, wait.RetryAfter.TotalSeconds);
        Seconds(79);
        Assert.Null(quota.TryTake([Main], out wait));
        Assert.Equal(1, wait.RetryAfter.TotalSeconds);
        Seconds(1);
        Assert.NotNull(quota.TryTake([Main], out _));
    }

    [Fact]
    public void Opened_AfterARefusal_ProvesMoreThanWasThought()
    {
        var quota = new SessionQuota(0, _time);
        // Five calls at once: one is refused before the others are through.
        var places = Enumerable.Range(0, 5).Select(_ => Take(quota)).ToArray();
        places[0].Refused(Main);
        Assert.Equal(0, quota.Look(Main).Limit);
        foreach (var place in places.Skip(1)) place.Opened(Main);
        Assert.Equal(4, quota.Look(Main).Limit);
    }

    [Fact]
    public void Routes_HaveQuotasOfTheirOwn()
    {
        var quota = new SessionQuota(0, _time);
        Refuse(quota);
        var place = quota.TryTake([Main, Other], out _);
        Assert.Equal(Other, place!.Route);
        Assert.False(quota.HasRoom(Main));
        Assert.True(quota.HasRoom(Other));
    }

    [Fact]
    public void Opened_OnTheFallback_MovesThePlace()
    {
        var quota = new SessionQuota(0, _time);
        var place = Take(quota);
        place.Refused(Main);
        place.Opened(Other);
        Assert.Equal((0, 0, 0), quota.Look(Main));
        Assert.Equal((1, 1, (int?)null), quota.Look(Other));
        Assert.Equal(Other, place.Route);
        place.Dispose();
        Assert.Equal((0, 0, (int?)null), quota.Look(Other));
    }

    [Fact]
    public void Rotation_IsOneSessionAllTheTime()
    {
        var quota = new SessionQuota(0, _time);
        var place = Open(quota);
        for (var i = 0; i < 3; i++)
        {
            place.Closed();
            Assert.Equal((1, 0, (int?)null), quota.Look(Main));
            place.Opened(Main);
            place.Opened(Main);
            Assert.Equal((1, 1, (int?)null), quota.Look(Main));
        }
    }

    [Fact]
    public void Refused_InTheMiddleOfACall_DoesNotCountItsOwnSession()
    {
        var quota = new SessionQuota(0, _time);
        _ = Open(quota);
        var place = Open(quota);
        place.Refused(Main);
        // It keeps its place: the call goes on and tries again.
        Assert.Equal((2, 1, 1), quota.Look(Main));
    }

    [Fact]
    public void Place_AfterDispose_CountsNoMore()
    {
        var quota = new SessionQuota(0, _time);
        var place = Open(quota);
        place.Dispose();
        place.Dispose();
        place.Closed();
        place.Opened(Main);
        Assert.Equal((0, 0, (int?)null), quota.Look(Main));
        // But what the service said last is still true.
        place.Refused(Main);
        Assert.Equal(0, quota.Look(Main).Limit);
    }

    [Fact]
    public void Places_UsedByManyThreads_AddUpToNothing()
    {
        var quota = new SessionQuota(0, _time);
        Parallel.For(0, 2000, i =>
        {
            if (quota.TryTake([Main, Other], out _) is not { } place) return;
            place.Opened(i % 3 == 0 ? Other : Main);
            if (i % 7 == 0) place.Refused(Main);
            if (i % 5 == 0) place.Closed();
            place.Opened(Other);
            place.Dispose();
        });
        Assert.Equal((0, 0), (quota.Look(Main).Taken, quota.Look(Main).Open));
        Assert.Equal((0, 0), (quota.Look(Other).Taken, quota.Look(Other).Open));
    }

    private static SessionPlace Take(SessionQuota quota) => quota.TryTake([Main], out _)!;

    private static SessionPlace Open(SessionQuota quota)
    {
        var place = Take(quota);
        place.Opened(Main);
        return place;
    }

    private static void Refuse(SessionQuota quota, int? retryAfter = null)
    {
        using var place = Take(quota);
        place.Refused(Main, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private void Seconds(double seconds) => _time.Advance(seconds * 1000);
}
