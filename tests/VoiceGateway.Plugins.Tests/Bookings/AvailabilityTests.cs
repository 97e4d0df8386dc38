using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.Bookings;

public class AvailabilityTests
{
    [Fact]
    public async Task CheckAvailability_Free_SaysSo()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var answer = await host.InvokeAsync("check_availability", new { date = "2026-09-25", time = "19:00", party_size = 8 });
        Assert.True(answer.GetProperty("available").GetBoolean());
        Assert.Equal("Friday 25 September at 19:00", answer.GetProperty("when").GetString());
    }

    [Fact]
    public async Task CheckAvailability_WholeDayFull_OffersFollowingDaysAtTheSameHour()
    {
        await using var host = await PluginHost.OnSqliteAsync("""{"Tables":{"T1":2},"DurationMinutes":660}""");
        await host.InvokeAsync("create_booking", new { date = "2026-09-25", time = "12:00", party_size = 2, name = "Ada" });
        var answer = await host.InvokeAsync("check_availability", new { date = "2026-09-25", time = "12:00", party_size = 2 });

        Assert.False(answer.GetProperty("available").GetBoolean());
        Assert.Equal(
            ["2026-09-26 12:00", "2026-09-27 12:00", "2026-09-28 12:00"],
            answer.GetProperty("alternatives").EnumerateArray().Select(a => a.GetString()));
    }

    [Fact]
    public async Task CheckAvailability_HoursPastMidnight_BelongToTheEveningBefore()
    {
        await using var host = await PluginHost.OnSqliteAsync(business: """{"OpeningHours":{"Friday":"18:00-02:00"}}""");
        Assert.True((await host.InvokeAsync("check_availability", new { date = "2026-09-26", time = "00:00", party_size = 2 })).GetProperty("available").GetBoolean());
        var tooLate = await host.InvokeAsync("check_availability", new { date = "2026-09-26", time = "00:30", party_size = 2 });
        Assert.False(tooLate.GetProperty("available").GetBoolean());
        Assert.NotEmpty(tooLate.GetProperty("alternatives").EnumerateArray());
    }

    [Fact]
    public async Task CheckAvailability_LunchBreak_OffersBothSides()
    {
        await using var host = await PluginHost.OnSqliteAsync(business: """{"OpeningHours":{"Friday":"12:00-15:00, 18:00-23:00"}}""");
        var answer = await host.InvokeAsync("check_availability", new { date = "2026-09-25", time = "15:30", party_size = 2 });
        Assert.Equal("We are not open on Friday 25 September at 15:30; on that day we are open 12:00 to 15:00 and 18:00 to 23:00.", answer.GetProperty("reason").GetString());
        Assert.Equal(
            ["2026-09-25 12:30", "2026-09-25 13:00", "2026-09-25 18:00"],
            answer.GetProperty("alternatives").EnumerateArray().Select(a => a.GetString()));
    }

    [Fact]
    public async Task CheckAvailability_Today_OffersNothingThatIsPast()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        host.Time.Now = PluginHost.Noon.AddHours(8).AddMinutes(40);
        var answer = await host.InvokeAsync("check_availability", new { date = "2026-09-24", time = "19:00", party_size = 2 });
        Assert.Equal(["2026-09-24 21:00"], answer.GetProperty("alternatives").EnumerateArray().Select(a => a.GetString()));
    }

    [Fact]
    public async Task CheckAvailability_TooFarAhead_OffersNothingBeyondTheLastDay()
    {
        await using var host = await PluginHost.OnSqliteAsync("""{"MaxDaysAhead":10}""");
        var answer = await host.InvokeAsync("check_availability", new { date = "2026-12-24", time = "19:00", party_size = 2 });
        Assert.Equal(["2026-10-04 19:00"], answer.GetProperty("alternatives").EnumerateArray().Select(a => a.GetString()));
    }
}
