using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class ToolDeskTests
{
    private static readonly JsonElement Fine = JsonElement.Parse("""{"output":1}""");

    private readonly ToolDesk _desk = new();

    [Fact]
    public async Task Answer_LastOfTwo_CompletesTheBatchInTheOrderOfAnswers()
    {
        var answered = _desk.Open([Call("1", "f"), Call("2", "g")]);

        Assert.Equal(ToolAnswer.Accepted, Answer("2"));
        Assert.False(answered.IsCompleted);
        Assert.Equal(ToolAnswer.Accepted, Answer("1"));

        Assert.Equal(["2", "1"], (await answered).Select(static result => result.Call.Id));
    }

    [Fact]
    public void Answer_AfterCancellationOrTwice_IsLate()
    {
        _desk.Open([Call("1", "f")]);
        Assert.Equal(["1"], _desk.CancelAll());
        Assert.Equal(ToolAnswer.Late, Answer("1"));

        _desk.Open([Call("2", "f")]);
        Answer("2");
        Assert.Equal(ToolAnswer.Late, Answer("2"));
        Assert.Empty(_desk.CancelAll());
    }

    [Fact]
    public void Answer_NeverAsked_IsUnknown() => Assert.Equal(ToolAnswer.Unknown, Answer("9"));

    [Fact]
    public void Answer_WillContinue_LeavesTheCallOpen()
    {
        var answered = _desk.Open([Call("1", "f")]);

        Assert.Equal(ToolAnswer.Partial, _desk.Answer("1", "f", Fine, null, willContinue: true, out _));

        Assert.False(answered.IsCompleted);
        Assert.Equal(["1"], _desk.CancelAll());
    }

    [Fact]
    public async Task Answer_WithoutId_GoesToTheOldestCallOfThatName()
    {
        var answered = _desk.Open([Call("1", "f"), Call("2", "g")]);

        Assert.Equal(ToolAnswer.Accepted, _desk.Answer(null, "g", Fine, null, false, out var id));
        Assert.Equal("2", id);
        Assert.Equal(ToolAnswer.Accepted, _desk.Answer(null, "f", Fine, null, false, out _));
        Assert.Equal(2, (await answered).Count);
        Assert.Equal(ToolAnswer.Unknown, _desk.Answer(null, "f", Fine, null, false, out _));
    }

    private static OpenToolCall Call(string id, string name) => new(id, name, Fine, name);

    private ToolAnswer Answer(string id) => _desk.Answer(id, null, Fine, null, false, out _);
}
