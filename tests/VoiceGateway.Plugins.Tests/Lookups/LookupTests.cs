using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.Lookups;

public class LookupTests
{
    [SkippableTheory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task FindCustomer_AfterTwoBookings_KnowsNameAndCount(string kind)
    {
        await using var host = await PluginHost.OnAsync(kind);
        Assert.False((await host.InvokeAsync("find_customer", new { })).GetProperty("found").GetBoolean());
        await host.InvokeAsync("create_booking", new { date = "2026-09-25", time = "19:00", party_size = 2, name = "Ada" });
        await host.InvokeAsync("create_booking", new { date = "2026-09-26", time = "19:00", party_size = 2, name = "Ada Lovelace" });
        var customer = await host.InvokeAsync("find_customer", new { }, host.Call("call-2", "004930123456"));

        Assert.True(customer.GetProperty("found").GetBoolean());
        Assert.Equal("Ada Lovelace", customer.GetProperty("name").GetString());
        Assert.Equal(2, customer.GetProperty("bookings").GetInt32());
        Assert.Equal("2026-09-24", customer.GetProperty("since").GetString());
    }

    [Fact]
    public async Task FindCustomer_NumberWithheld_AsksForIt()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        Assert.Contains("withheld", await host.RefusalAsync("find_customer", new { }, host.Call(caller: "Anonymous")));
    }

    [Fact]
    public async Task OpeningHours_WithoutADate_ShowsTheComingWeekAndTheTime()
    {
        await using var host = await PluginHost.OnSqliteAsync(business: """{"OpeningHours":{"Thursday":"11:00-13:00"}}""");
        var answer = await host.InvokeAsync("opening_hours", new { });
        Assert.Equal("Thursday 24 September at 12:00", answer.GetProperty("now").GetString());
        Assert.True(answer.GetProperty("open_now").GetBoolean());
        var days = answer.GetProperty("hours").EnumerateArray().ToArray();
        Assert.Equal(7, days.Length);
        Assert.Equal(("2026-09-24", "Thursday", "11:00 to 13:00"), Day(0));
        Assert.Equal(("2026-09-25", "Friday", "closed"), Day(1));

        (string?, string?, string?) Day(int i) =>
            (days[i].GetProperty("date").GetString(), days[i].GetProperty("day").GetString(), days[i].GetProperty("open").GetString());
    }

    [Fact]
    public async Task OpeningHours_WithADate_ShowsThatDay()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var answer = await host.InvokeAsync("opening_hours", new { date = "2026-12-24" });
        Assert.Equal("12:00 to 23:00", Assert.Single(answer.GetProperty("hours").EnumerateArray()).GetProperty("open").GetString());
    }
}
