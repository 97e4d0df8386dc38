using System.Text.Json;
using Dapper;
using VoiceGateway.Abstractions;
using VoiceGateway.Plugins.Tests.Testing;

namespace VoiceGateway.Plugins.Tests.Bookings;

public class CreateBookingTests
{
    private const string OneTable = """{"Tables":{"T1":4}}""";

    [SkippableTheory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task CreateBooking_FiftyCallersWantTheLastTable_ExactlyOneGetsIt(string kind)
    {
        await using var host = await PluginHost.OnAsync(kind, OneTable);
        // Half want 19:00, half 19:30: their stays overlap without being equal.
        var attempts = Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            try
            {
                var arguments = new { date = "2026-09-25", time = i % 2 == 0 ? "19:00" : "19:30", party_size = 4, name = $"Guest {i}" };
                return (Won: (JsonElement?)await host.InvokeAsync("create_booking", arguments, host.Call($"call-{i}", $"+49301{i:00000}")), Words: "");
            }
            catch (ToolException e)
            {
                return (Won: null, Words: e.Message);
            }
        }));
        var results = await Task.WhenAll(attempts);

        Assert.Single(results, r => r.Won is not null);
        Assert.All(results.Where(r => r.Won is null), r => Assert.StartsWith("There is no table free for 4 on Friday 25 September at 19:", r.Words));
        await using var connection = await host.Database.OpenConnectionAsync();
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM bookings"));
        Assert.Equal(4, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM booking_slots"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM customers"));
    }

    [SkippableTheory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task CreateBooking_ManyCallersAndTables_FillsEveryTableOnceAndRefusesTheRest(string kind)
    {
        await using var host = await PluginHost.OnAsync(kind, """{"Tables":{"A":2,"B":2,"C":4,"D":4,"E":6}}""");
        var attempts = Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await host.InvokeAsync(
                    "create_booking", new { date = "2026-09-25", time = "19:00", party_size = 1 + (i % 4), name = $"Guest {i}" }, host.Call($"call-{i}")))
                    .GetProperty("table").GetString();
            }
            catch (ToolException)
            {
                return null;
            }
        }));
        var tables = (await Task.WhenAll(attempts)).OfType<string>().Order().ToArray();

        Assert.Equal(["A", "B", "C", "D", "E"], tables);
    }

    [SkippableTheory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task CreateBooking_SameToolCallTwentyTimesAtOnce_BooksOnce(string kind)
    {
        await using var host = await PluginHost.OnAsync(kind);
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
            (await host.InvokeAsync("create_booking", new { date = "2026-09-25", time = "19:00", party_size = 2, name = "Ada" }, toolCallId: "same"))
                .GetProperty("booking_id").GetString())));

        Assert.Single(ids.Distinct());
        await using var connection = await host.Database.OpenConnectionAsync();
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM bookings"));
        Assert.Equal(4, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM booking_slots"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT bookings FROM customers"));
    }

    [Fact]
    public async Task CreateBooking_SameWishAgainUnderAnotherId_ReturnsTheFirstAndSaysSo()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var wish = new { date = "2026-09-25", time = "19:00", party_size = 2, name = "Ada" };
        var first = await host.InvokeAsync("create_booking", wish);
        var second = await host.InvokeAsync("create_booking", wish);
        var otherCall = await host.InvokeAsync("create_booking", wish, host.Call("call-2"));

        Assert.Equal(first.GetProperty("booking_id").GetString(), second.GetProperty("booking_id").GetString());
        Assert.Contains("already", second.GetProperty("note").GetString());
        Assert.NotEqual(first.GetProperty("booking_id").GetString(), otherCall.GetProperty("booking_id").GetString());
    }

    [Fact]
    public async Task CreateBooking_Free_GivesTheTightestTableAndASpeakableNumber()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var booking = await host.InvokeAsync("create_booking", new { date = "2026-09-25", time = "19:30", party_size = 5, name = " Grace Hopper " });

        Assert.Equal("T8", booking.GetProperty("table").GetString());
        Assert.Matches("^[1-9][0-9]{5}$", booking.GetProperty("booking_id").GetString());
        Assert.Matches("^[0-9] [0-9] [0-9], [0-9] [0-9] [0-9]$", booking.GetProperty("booking_id_spoken").GetString());
        Assert.Equal("Friday 25 September at 19:30", booking.GetProperty("when").GetString());
        Assert.Equal("21:30", booking.GetProperty("until").GetString());
        Assert.Equal("Grace Hopper", booking.GetProperty("name").GetString());
        Assert.Equal("+4930123456", booking.GetProperty("phone").GetString());
        Assert.False(booking.TryGetProperty("note", out _));
    }

    [Fact]
    public async Task CreateBooking_Full_OffersTheNearestFreeTimesOfTheDay()
    {
        await using var host = await PluginHost.OnSqliteAsync(OneTable);
        await host.InvokeAsync("create_booking", new { date = "2026-09-25", time = "18:00", party_size = 4, name = "Ada" });
        var words = await host.RefusalAsync("create_booking", new { date = "2026-09-25", time = "18:30", party_size = 2, name = "Bob" });

        Assert.Equal(
            "There is no table free for 2 on Friday 25 September at 18:30. Nearest free times for 2: 2026-09-25 16:00, 2026-09-25 20:00, 2026-09-25 20:30.", words);
    }

    [Theory]
    [InlineData("2026-09-24", "11:30", "is in the past; it is Thursday 24 September at 12:00 now (2026-09-24 12:00)")]
    [InlineData("2026-09-20", "19:00", "is in the past")]
    [InlineData("2026-09-25", "11:00", "not open on Friday 25 September at 11:00; on that day we are open 12:00 to 23:00")]
    [InlineData("2026-09-25", "21:30", "too late: a table is kept for 120 minutes and we are open 12:00 to 23:00")]
    [InlineData("2026-09-25", "19:10", "on the hour and the half hour")]
    [InlineData("2027-09-25", "19:00", "too far ahead")]
    [InlineData("2026-09-28", "19:00", "We are closed on Monday 28 September 2026")]
    [InlineData("2026-10-03", "19:00", "We are closed on Saturday 3 October 2026")]
    public async Task CreateBooking_NotBookable_SaysWhyAndOffersTimes(string date, string time, string reason)
    {
        const string business =
            """
            {"OpeningHours":{"Tuesday":"12:00-23:00","Wednesday":"12:00-23:00","Thursday":"12:00-23:00","Friday":"12:00-23:00",
             "Saturday":"12:00-23:00","Sunday":"12:00-23:00","Monday":"closed"},"ClosedOn":["2026-10-03"]}
            """;
        await using var host = await PluginHost.OnSqliteAsync(business: business);
        var words = await host.RefusalAsync("create_booking", new { date, time, party_size = 2, name = "Ada" });

        Assert.Contains(reason, words);
        Assert.Contains("Nearest free times for 2: 202", words);
        await using var connection = await host.Database.OpenConnectionAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM bookings"));
    }

    [Theory]
    [InlineData("tomorrow", "19:00", 2, "Ada", "date must look like 2026-09-25; you sent 'tomorrow'. Today is Thursday 24 September 2026, 2026-09-24.")]
    [InlineData("2026-02-30", "19:00", 2, "Ada", "you sent '2026-02-30'")]
    [InlineData("2026-09-25", "7 pm", 2, "Ada", "time must look like 19:30, with 24 hours; you sent '7 pm'.")]
    [InlineData("2026-09-25", "19:00", 0, "Ada", "party_size must be at least 1.")]
    [InlineData("2026-09-25", "19:00", 9, "Ada", "The largest table seats 8")]
    [InlineData("2026-09-25", "19:00", 2, " ", "name is empty")]
    public async Task CreateBooking_WrongArguments_SaysWhatIsWrong(string date, string time, int guests, string name, string reason)
    {
        await using var host = await PluginHost.OnSqliteAsync();
        Assert.Contains(reason, await host.RefusalAsync("create_booking", new { date, time, party_size = guests, name }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("anonymous")]
    public async Task CreateBooking_NumberWithheld_AsksForOne(string caller)
    {
        await using var host = await PluginHost.OnSqliteAsync();
        var call = host.Call(caller: caller);
        Assert.Contains("withheld", await host.RefusalAsync("create_booking", new { date = "2026-09-25", time = "19:00", party_size = 2, name = "Ada" }, call));
        var booking = await host.InvokeAsync("create_booking", new { date = "2026-09-25", time = "19:00", party_size = 2, name = "Ada", phone = "0170 1234567" }, call);
        Assert.Equal("0170 1234567", booking.GetProperty("phone").GetString());
    }

    [Fact]
    public async Task CreateBooking_Cancelled_LeavesNothing()
    {
        await using var host = await PluginHost.OnSqliteAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.InvokeAsync(
            "create_booking", new { date = "2026-09-25", time = "19:00", party_size = 2, name = "Ada" }, cancellationToken: cancelled.Token));
        await using var connection = await host.Database.OpenConnectionAsync();
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM booking_slots"));
    }

    [Fact]
    public async Task CreateBooking_InAnotherTimeZone_JudgesPastByTheBusinessClock()
    {
        // 12:00 UTC is 21:00 in Tokyo.
        await using var host = await PluginHost.OnSqliteAsync(business: """{"TimeZone":"Asia/Tokyo"}""");
        Assert.Contains(
            "it is Thursday 24 September at 21:00 now",
            await host.RefusalAsync("create_booking", new { date = "2026-09-24", time = "20:00", party_size = 2, name = "Ada" }));
    }
}
