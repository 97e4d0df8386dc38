using Dapper;
using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.Bookings;

public class ChangeBookingTests
{
    private static readonly object Friday19 = new { date = "2026-09-25", time = "19:00", party_size = 2, name = "Ada" };

    [Fact]
    public async Task ChangeBooking_OverlappingItself_IsNotInItsOwnWay()
    {
        await using var host = await PluginHost.OnSqliteAsync("""{"Tables":{"T1":4}}""");
        var id = await BookAsync(host, Friday19);
        var changed = await host.InvokeAsync("change_booking", new { booking_id = id, time = "19:30" });

        Assert.Equal("19:30", changed.GetProperty("time").GetString());
        Assert.Equal("2026-09-25", changed.GetProperty("date").GetString());
        await using var connection = await host.Database.OpenConnectionAsync();
        Assert.Equal(
            ["2026-09-25T19:30", "2026-09-25T20:00", "2026-09-25T20:30", "2026-09-25T21:00"],
            await connection.QueryAsync<string>("SELECT slot FROM booking_slots ORDER BY slot"));
    }

    [Fact]
    public async Task ChangeBooking_MoreGuests_MovesToALargerTable()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var id = await BookAsync(host, Friday19);
        var changed = await host.InvokeAsync("change_booking", new { booking_id = id, party_size = 7 });
        Assert.Equal("T10", changed.GetProperty("table").GetString());
        Assert.Equal(7, changed.GetProperty("party_size").GetInt32());
    }

    [Fact]
    public async Task ChangeBooking_NoTableThen_StaysAsItWasAndOffersTimes()
    {
        await using var host = await PluginHost.OnSqliteAsync("""{"Tables":{"T1":4}}""");
        var id = await BookAsync(host, Friday19);
        await BookAsync(host, new { date = "2026-09-25", time = "13:00", party_size = 2, name = "Bob" });
        var words = await host.RefusalAsync("change_booking", new { booking_id = id, time = "13:30" });

        Assert.Contains("The booking stays as it was. Nearest free times for 2: 2026-09-25 15:00", words);
        var found = await host.InvokeAsync("find_booking", new { booking_id = id });
        Assert.Equal("19:00", found.GetProperty("bookings")[0].GetProperty("time").GetString());
        await using var connection = await host.Database.OpenConnectionAsync();
        Assert.Equal(8, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM booking_slots"));
    }

    [Fact]
    public async Task ChangeBooking_NothingToChange_Asks()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        Assert.Contains("Say what to change", await host.RefusalAsync("change_booking", new { booking_id = "123456" }));
    }

    [SkippableTheory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task ChangeBooking_TwentyBookingsSwapAtOnce_NoSlotIsHeldTwiceAndNoneIsLost(string kind)
    {
        await using var host = await PluginHost.OnAsync(kind);
        var ids = new List<string>();
        for (var i = 0; i < 10; i++)
            ids.Add(await BookAsync(host, new { date = "2026-09-25", time = i % 2 == 0 ? "13:00" : "14:00", party_size = 2, name = $"Guest {i}" }));
        await Task.WhenAll(ids.SelectMany((id, i) => new[] { "13:30", "14:30", "19:00" }.Select(time => Task.Run(async () =>
        {
            try
            {
                await host.InvokeAsync("change_booking", new { booking_id = id, time });
            }
            catch (ToolException)
            {
                // Full then: the booking stays.
            }
        }))));

        await using var connection = await host.Database.OpenConnectionAsync();
        Assert.Equal(40, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM booking_slots"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>(
            """
            SELECT COUNT(*) FROM bookings b WHERE (SELECT COUNT(*) FROM booking_slots s
                WHERE s.booking_id = b.id AND s.resource = b.resource AND s.slot >= b.starts_at AND s.slot < b.ends_at) <> 4
            """));
    }

    [Fact]
    public async Task CancelBooking_ThenTheTableIsFreeAgain_AndASecondTimeIsHarmless()
    {
        await using var host = await PluginHost.OnSqliteAsync("""{"Tables":{"T1":2}}""");
        var id = await BookAsync(host, Friday19);
        Assert.True((await host.InvokeAsync("cancel_booking", new { booking_id = $"{id[..2]} {id[2..4]}-{id[4..]}" })).GetProperty("cancelled").GetBoolean());
        Assert.Contains("before", (await host.InvokeAsync("cancel_booking", new { booking_id = id })).GetProperty("note").GetString());
        Assert.Contains("has been cancelled", await host.RefusalAsync("change_booking", new { booking_id = id, time = "20:00" }));
        Assert.NotEqual(id, await BookAsync(host, Friday19));
    }

    [Fact]
    public async Task CancelBooking_UnknownOrUnreadableOrPast_SaysWhatToDo()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        Assert.Contains("There is no booking 9 9 9, 9 9 9", await host.RefusalAsync("cancel_booking", new { booking_id = "999999" }));
        Assert.Contains("six digits; you sent 'Ada'", await host.RefusalAsync("cancel_booking", new { booking_id = "Ada" }));
        var id = await BookAsync(host, Friday19);
        host.Time.Now = PluginHost.Noon.AddDays(3);
        Assert.Contains("which is past", await host.RefusalAsync("cancel_booking", new { booking_id = id }));
    }

    [SkippableTheory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task FindBooking_ByNameNumberOrCaller_FindsUpcomingOnes(string kind)
    {
        await using var host = await PluginHost.OnAsync(kind);
        var id = await BookAsync(host, new { date = "2026-09-25", time = "19:00", party_size = 2, name = "Ada Lovelace", phone = "+49 170 1234567" });
        await BookAsync(host, new { date = "2026-09-25", time = "19:00", party_size = 2, name = "100% Bob_" });

        Assert.Equal([id], await FindAsync(new { name = "LOVE" }));
        Assert.Equal([id], await FindAsync(new { phone = "0170 1234567" }));
        Assert.Equal([id], await FindAsync(new { }, host.Call(caller: "00491701234567")));
        Assert.Equal([id], await FindAsync(new { booking_id = id }));
        Assert.Single(await FindAsync(new { name = "0% bob_" }));
        Assert.Empty(await FindAsync(new { name = "%" + "x" }));
        Assert.Contains("withheld", await host.RefusalAsync("find_booking", new { }, host.Call(caller: "")));
        host.Time.Now = PluginHost.Noon.AddDays(3);
        Assert.Empty(await FindAsync(new { name = "LOVE" }));

        async Task<IEnumerable<string>> FindAsync(object arguments, CallContext? call = null) =>
            [.. (await host.InvokeAsync("find_booking", arguments, call)).GetProperty("bookings").EnumerateArray().Select(b => b.GetProperty("booking_id").GetString()!)];
    }

    private static async Task<string> BookAsync(PluginHost host, object arguments) =>
        (await host.InvokeAsync("create_booking", arguments, host.Call(Guid.NewGuid().ToString()))).GetProperty("booking_id").GetString()!;
}
