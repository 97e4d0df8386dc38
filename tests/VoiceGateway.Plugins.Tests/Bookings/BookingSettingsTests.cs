using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.Bookings;

public class BookingSettingsTests
{
    [Theory]
    [InlineData("""{"Tables":{}}""", "{}", "Plugins:bookings:Tables: there must be at least one table")]
    [InlineData("""{"Tables":{"T1":"0"}}""", "{}", "Plugins:bookings:Tables:T1: a table has at least one seat")]
    [InlineData("""{"Tables":{"T1":"many"}}""", "{}", "Plugins:bookings:Tables:T1: the value does not fit")]
    [InlineData("""{"DurationMinutes":"45"}""", "{}", "Plugins:bookings:DurationMinutes: must be a multiple of 30 minutes")]
    [InlineData("""{"Durations":"60"}""", "{}", "Plugins:bookings:Durations: unknown key; known ones are Tables, DurationMinutes, MaxDaysAhead")]
    [InlineData("{}", """{"OpeningHours":{"Friday":"12-23"}}""", "Business:OpeningHours:Friday: '12-23' is not understood")]
    [InlineData("{}", """{"OpeningHours":{"Fryday":"12:00-23:00"}}""", "Business:OpeningHours")]
    [InlineData("{}", """{"TimeZone":"Mars/Olympus"}""", "Business:TimeZone: 'Mars/Olympus' is no time zone")]
    public async Task Start_WrongSetting_NamesTheKey(string settings, string business, string words)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => PluginHost.OnSqliteAsync(settings, business));
        Assert.StartsWith(words, error.Message);
    }

    [Fact]
    public async Task Start_SettingsFromTheEnvironment_AreStringsAndFit()
    {
        await using var host = await PluginHost.OnSqliteAsync("""{"tables":{"Window":"3"},"durationminutes":"90"}""");
        var booking = await host.InvokeAsync("create_booking", new { date = "2026-09-25", time = "19:00", party_size = 3, name = "Ada" });
        Assert.Equal("Window", booking.GetProperty("table").GetString());
        Assert.Equal("20:30", booking.GetProperty("until").GetString());
    }
}
