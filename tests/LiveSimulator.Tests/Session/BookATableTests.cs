using System.Globalization;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class BookATableTests
{
    private const string Setup = """
        "inputAudioTranscription":{},"outputAudioTranscription":{},
        "tools":[{"functionDeclarations":[{"name":"check_availability"},{"name":"create_booking"},{"name":"hang_up"}]}]
        """;

    [Fact]
    public async Task Call_FromGreetingToGoodbye_BooksTheTableThatTheCallerChangedItsMindTo()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.StartAsync(server, Setup);

        await caller.NudgeAsync();
        await caller.WaitForContentAsync("turnComplete");
        Assert.Equal("Good evening, restaurant Bella Vista, how can I help you?", caller.Transcript());

        await caller.SpeakAsync(0);
        var first = await caller.WaitForToolCallAsync();
        AssertCall(first, "check_availability", "19:00", 4);
        await caller.AnswerToolAsync(first[0], """{"output":{"available":true}}""");
        await caller.WaitForContentAsync("modelTurn");

        // The caller speaks into the offer.
        await caller.SendAudioAsync(TestClient.CallerSpeech(1));
        await caller.WaitForContentAsync("interrupted");
        await caller.WaitForContentAsync("turnComplete");
        await caller.SendAudioAsync(new short[11_200]);
        var second = await caller.WaitForToolCallAsync();
        AssertCall(second, "check_availability", "20:00", 6);
        await caller.AnswerToolAsync(second[0], """{"output":{"available":true}}""");
        await caller.WaitForContentAsync("turnComplete");

        await caller.SpeakAsync(2);
        var booking = await caller.WaitForToolCallAsync();
        AssertCall(booking, "create_booking", "20:00", 6);
        Assert.Equal("Miller", booking[0].GetProperty("args").GetProperty("name").GetString());
        await caller.AnswerToolAsync(booking[0], """{"output":{"booking_id":"123456"}}""");
        await caller.WaitForContentAsync("turnComplete");

        await caller.SpeakAsync(3);
        var hangUp = await caller.WaitForToolCallAsync();
        Assert.Equal("hang_up", hangUp[0].GetProperty("name").GetString());
        await caller.AnswerToolAsync(hangUp[0], """{"output":"ok"}""");
        await caller.WaitForContentAsync("turnComplete");

        Assert.Equal(string.Concat(CallerVoice.Lines.Select(static line => line.Text)), caller.Transcript("inputTranscription"));
        Assert.Contains("Your table for six on Friday at eight is booked.", caller.Transcript(), StringComparison.Ordinal);
        Assert.EndsWith("Goodbye!", caller.Transcript(), StringComparison.Ordinal);
        Assert.Equal(1, caller.Count("interrupted"));
    }

    [Theory]
    [InlineData("""{"error":"the database is away"}""", "I am sorry, I cannot reach our booking system.")]
    [InlineData("""{"output":{"available":false}}""", "I am sorry, we are full at that time. Would another time suit you?")]
    public async Task CheckAvailability_ErrorOrFull_IsSaid(string response, string said)
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.StartAsync(server, Setup);
        await caller.SpeakAsync(0);

        await caller.AnswerToolAsync((await caller.WaitForToolCallAsync())[0], response);

        await caller.WaitForContentAsync("turnComplete");
        Assert.Equal(said, caller.Transcript());
    }

    [Fact]
    public async Task Tools_NotDeclared_AreReplacedByWordsAndTheCallGoesOn()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        await using var caller = await TestClient.StartAsync(server, "\"outputAudioTranscription\":{}");

        for (var line = 0; line < 5; line++)
        {
            await caller.SpeakAsync(Math.Min(line, 3));
            await caller.WaitForContentAsync("turnComplete");
        }

        Assert.Equal(
            string.Concat(Enumerable.Repeat("I am sorry, I cannot reach our booking system.", 3)) + "Thank you for calling. Goodbye!Is there anything else I can do for you?",
            caller.Transcript());
    }

    private static void AssertCall(JsonElement calls, string name, string time, int partySize)
    {
        var call = Assert.Single(calls.EnumerateArray());
        var args = call.GetProperty("args");
        Assert.Equal(name, call.GetProperty("name").GetString());
        Assert.Equal(time, args.GetProperty("time").GetString());
        Assert.Equal(partySize, args.GetProperty("party_size").GetInt32());
        var date = DateOnly.ParseExact(args.GetProperty("date").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Equal(DayOfWeek.Friday, date.DayOfWeek);
        Assert.InRange(date.DayNumber - DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date).DayNumber, 0, 7);
    }
}
