using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VoiceGateway.Abstractions;
using VoiceGateway.Records;

namespace VoiceGateway.Tests.Records;

public class CallRecordStoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 24, 12, 0, 0, 123, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task Save_ThenFind_GivesTheSameRecord(string kind)
    {
        await using var temporary = await TemporaryDatabase.CreateAsync(kind);
        var store = await StoreAsync(temporary);
        var saved = Record("call-1") with
        {
            AnsweredAt = Start.AddSeconds(1),
            Codec = "PCMU",
            Recording = "call-1.wav",
            Usage = new()
            {
                Tokens = [new("prompt", "AUDIO", 10), new("prompt", "TEXT", 7), new("response", "AUDIO", 20)],
                Turns = [new(1, 900, "m", [new("prompt", "AUDIO", 10), new("response", "AUDIO", 20)], 0.0000123456789m), new(2, 1900, "n", [new("prompt", "TEXT", 7)], null)],
                Cost = new(12.345678901m, "EUR", 7),
            },
            Link =
            [
                new(10, "connected", "start", 0, "primary"),
                new(60_000, "rotated", "go_away", 123.25),
                new(90_000, "fell_back", "quota", 2000, "europe"),
            ],
            Watch = new Dictionary<string, long> { ["stalls"] = 2, ["false_alarms"] = 1 },
            Media = JsonElement.Parse("""{"lost":3}"""),
            Timeline = JsonElement.Parse("""[{"at":1,"what":"speech"}]"""),
            Transcript = [new("caller", "Hi – is there a table? \u0000", 1200), new("agent", "Yes, at seven or eight", 2500, false, "Yes, at")],
            ToolCalls =
            [
                new("t1", "check_availability", JsonElement.Parse("""{"party_size":4}"""), JsonElement.Parse("""{"output":true}"""), "Succeeded", 1500, 1600),
                new("t2", "create_booking", null, null, "Cancelled", 1700, null),
            ],
        };
        Assert.True(await store.SaveAsync(saved, CancellationToken.None));
        var found = await store.FindAsync("call-1");

        Assert.NotNull(found);
        Assert.Equal(Comparable(saved).Replace("\\u0000", ""), Comparable(found));
        Assert.Equal(10, found.DurationSeconds, 3);
        Assert.Equal(9, found.TalkSeconds, 3);
        Assert.Null(await store.FindAsync("call-2"));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task Save_Cost_CanBeAddedUpInSql(string kind)
    {
        await using var temporary = await TemporaryDatabase.CreateAsync(kind);
        var store = await StoreAsync(temporary);
        foreach (var id in new[] { "call-1", "call-2", "call-3" })
            await store.SaveAsync(Record(id) with { Usage = new() { Cost = id == "call-3" ? null : new(0.1m, "USD") } }, CancellationToken.None);
        await using var connection = await temporary.Database.Source.OpenConnectionAsync();
        Assert.Equal(200_000_000, Convert.ToInt64(await connection.ExecuteScalarAsync("SELECT SUM(cost_nano) FROM calls")));
        Assert.Null((await store.FindAsync("call-3"))!.Usage.Cost);
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task Find_CallOfAnOlderRelease_HasItsSums(string kind)
    {
        await using var temporary = await TemporaryDatabase.CreateAsync(kind);
        await SchemaMigrations.ApplyAsync(temporary.Database.Source, RecordSchema.Component, [RecordSchema.Migrations[0]], CancellationToken.None);
        await using (var connection = await temporary.Database.Source.OpenConnectionAsync())
            await connection.ExecuteAsync(
                """
                INSERT INTO calls (id, direction, caller, called, agent, started_at, ended_at, end_reason, duration_seconds, talk_seconds, prompt_tokens, response_tokens, total_tokens)
                VALUES ('old', 'inbound', '1', '2', 'default', '2026-09-24T12:00:00.000Z', '2026-09-24T12:00:10.000Z', 'caller_hung_up', 10, 9, 11, 22, 33)
                """);
        var found = (await (await StoreAsync(temporary)).FindAsync("old"))!;
        Assert.Equal((11, 22, 33), (found.Usage.Prompt, found.Usage.Response, found.Usage.Total));
        Assert.Empty(found.Link);
        Assert.Empty(found.Watch);
        Assert.Null(found.Usage.Cost);
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task Save_Again_ReplacesTheRecord(string kind)
    {
        await using var temporary = await TemporaryDatabase.CreateAsync(kind);
        var store = await StoreAsync(temporary);
        Assert.True(await store.SaveAsync(Record("call-1") with { Transcript = [new("caller", "a", 1), new("caller", "b", 2)] }, CancellationToken.None));
        Assert.True(await store.SaveAsync(Record("call-1") with { EndReason = "Transferred", Transcript = [new("caller", "c", 1)] }, CancellationToken.None));
        var found = await store.FindAsync("call-1");
        Assert.Equal("Transferred", found?.EndReason);
        Assert.Equal(["c"], found?.Transcript.Select(t => t.Text));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task Save_TwoHundredCallsEndTogether_KeepsThemAll(string kind)
    {
        await using var temporary = await TemporaryDatabase.CreateAsync(kind);
        var store = await StoreAsync(temporary);
        var saved = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.SaveAsync(
            Record($"call-{i:000}") with { Transcript = [.. Enumerable.Range(0, 20).Select(n => new TranscriptEntry("caller", $"line {n}", n))] },
            CancellationToken.None)));
        Assert.All(saved, Assert.True);
        await using var connection = await temporary.Database.Source.OpenConnectionAsync();
        Assert.Equal(200, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM calls"));
        Assert.Equal(4000, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM transcript_entries"));
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task List_PageByPage_ShowsEachCallOnceNewestFirst(string kind)
    {
        await using var temporary = await TemporaryDatabase.CreateAsync(kind);
        var store = await StoreAsync(temporary);
        // Three of each start: the id decides within.
        for (var i = 0; i < 12; i++)
            await store.SaveAsync(Record($"call-{i:00}", Start.AddMinutes(i / 3).ToOffset(TimeSpan.FromHours(i))), CancellationToken.None);
        var ids = new List<string>();
        var pages = 0;
        string? next = null;
        do
        {
            var page = await store.ListAsync(5, next);
            ids.AddRange(page.Calls.Select(c => c.Id));
            next = page.Next;
            pages++;
        }
        while (next is not null);

        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 12).Reverse().Select(i => $"call-{i:00}"), ids);
        await Assert.ThrowsAsync<FormatException>(() => store.ListAsync(5, "nonsense"));
        Assert.Single((await store.ListAsync(0)).Calls);
    }

    [Theory]
    [MemberData(nameof(TemporaryDatabase.Kinds), MemberType = typeof(TemporaryDatabase))]
    public async Task DeleteEndedBefore_TakesTranscriptsAlong(string kind)
    {
        await using var temporary = await TemporaryDatabase.CreateAsync(kind);
        var store = await StoreAsync(temporary);
        await store.SaveAsync(Record("old") with { Transcript = [new("caller", "a", 1)], Usage = new() { Tokens = [new("prompt", "TEXT", 1)] }, Link = [new(1, "connected", "start", 0)] }, CancellationToken.None);
        await store.SaveAsync(Record("new", Start.AddDays(2)), CancellationToken.None);
        Assert.Equal(1, await store.DeleteEndedBeforeAsync(Start.AddDays(1), CancellationToken.None));
        await using var connection = await temporary.Database.Source.OpenConnectionAsync();
        Assert.Equal(["new"], await connection.QueryAsync<string>("SELECT id FROM calls"));
        foreach (var table in new[] { "transcript_entries", "call_tokens", "link_events" })
            Assert.Equal(0, await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}"));
    }

    [Fact]
    public async Task Save_DiskHiccup_TriesAgainUntilItWorks()
    {
        await using var temporary = await TemporaryDatabase.CreateAsync("sqlite");
        var log = new RecordingLogger();
        var store = new CallRecordStore(temporary.Database, TimeProvider.System, log);
        // The tables are missing: that is what a failing database looks like from here.
        var saving = store.SaveAsync(Record("call-1"), CancellationToken.None);
        await UntilAsync(() => log.Count(LogLevel.Warning) > 0);
        await store.StartAsync(CancellationToken.None);
        Assert.True(await saving.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.NotNull(await store.FindAsync("call-1"));
        Assert.Equal(0, log.Count(LogLevel.Error));
    }

    [Fact]
    public async Task Save_StoppingAndStillFailing_LogsTheLossAndTheRecordAtTrace()
    {
        await using var temporary = await TemporaryDatabase.CreateAsync("sqlite");
        var log = new RecordingLogger();
        var store = new CallRecordStore(temporary.Database, TimeProvider.System, log);
        using var stopping = new CancellationTokenSource();
        var saving = store.SaveAsync(Record("call-1"), stopping.Token);
        await UntilAsync(() => log.Count(LogLevel.Warning) > 0);
        await stopping.CancelAsync();
        Assert.False(await saving.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(1, log.Count(LogLevel.Error));
        var lost = Assert.Single(log.Entries, e => e.Level == LogLevel.Trace).Text;
        Assert.Contains("+4930123456", lost);
        Assert.DoesNotContain(log.Entries, e => e.Level > LogLevel.Trace && e.Text.Contains("+4930123456", StringComparison.Ordinal));
    }

    private static async Task<CallRecordStore> StoreAsync(TemporaryDatabase temporary)
    {
        var store = new CallRecordStore(temporary.Database, TimeProvider.System, NullLogger<CallRecordStore>.Instance);
        await store.StartAsync(CancellationToken.None);
        return store;
    }

    private static CallRecord Record(string id, DateTimeOffset? start = null) => new()
    {
        Id = id,
        Direction = "inbound",
        Caller = "+4930123456",
        Called = "100",
        Agent = "default",
        StartedAt = start ?? Start,
        EndedAt = (start ?? Start).AddSeconds(10),
        EndReason = "CallerHungUp",
    };

    private static string Comparable(CallRecord record) => JsonSerializer.Serialize(record);

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++)
            await Task.Delay(10);
        Assert.True(condition());
    }
}
