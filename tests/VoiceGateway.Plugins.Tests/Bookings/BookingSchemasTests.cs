using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.Bookings;

public class BookingSchemasTests
{
    [Theory]
    [InlineData("check_availability", "date*,time*,party_size*")]
    [InlineData("create_booking", "date*,time*,party_size*,name*,phone")]
    [InlineData("change_booking", "booking_id*,date,time,party_size")]
    [InlineData("cancel_booking", "booking_id*")]
    [InlineData("find_booking", "name,phone,booking_id")]
    [InlineData("find_customer", "phone")]
    [InlineData("opening_hours", "date")]
    [InlineData("hang_up", "reason")]
    public async Task Tool_Schema_HasTheArgumentsAndTheirDescriptions(string tool, string expected)
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var schema = host.Tool(tool).JsonSchema;
        var required = schema.TryGetProperty("required", out var r) ? r.EnumerateArray().Select(x => x.GetString()).ToArray() : [];
        var properties = schema.GetProperty("properties").EnumerateObject().ToArray();

        Assert.Equal(expected, string.Join(",", properties.Select(p => required.Contains(p.Name) ? p.Name + "*" : p.Name)));
        Assert.All(properties, p => Assert.False(string.IsNullOrEmpty(p.Value.GetProperty("description").GetString())));
    }
}
