using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;

namespace VoiceGateway.Tests.Docs;

/// <summary>The fault policy in docs/live-connection.md is the one that the link and the call follow.</summary>
public sealed class LiveConnectionPageTests
{
    private const string Head = "| ending | causes | while talking | while connecting | end of the call |";

    [Fact]
    public void FaultTable_EveryEnding_HasThePolicyAndTheEndReasonOfTheCode()
    {
        var expected = Enum.GetValues<LiveCloseKind>().Select(static kind =>
            $"| `{kind}` | `{LinkPolicy.For(kind).Talking}` | `{LinkPolicy.For(kind).Connecting}` | {EndOf(kind)} |");
        Assert.Equal(expected, Rows().Select(static r => $"| {r[0]} | {r[2]} | {r[3]} | {r[4]} |"));
    }

    [Fact]
    public void FaultTable_EveryEnding_SaysWhatCausesIt() => Assert.All(Rows(), static r => Assert.NotEmpty(r[1]));

    [Fact]
    public void Legend_EveryStep_IsExplained()
    {
        foreach (var step in Enum.GetNames<LinkStep>()) Assert.Contains($"| `{step}` | ", Page(), StringComparison.Ordinal);
    }

    private static string EndOf(LiveCloseKind kind)
    {
        var (talking, before) = (CallEndReasons.Of(kind, talking: true).Meaning().Tag, CallEndReasons.Of(kind, talking: false).Meaning().Tag);
        return talking == before ? $"`{talking}`" : $"`{talking}`, at the start `{before}`";
    }

    private static IEnumerable<string[]> Rows()
    {
        var lines = Page().ReplaceLineEndings("\n").Split('\n');
        var head = Array.IndexOf(lines, Head);
        Assert.True(head >= 0, "docs/live-connection.md has no table of endings");
        return lines.Skip(head + 2).TakeWhile(static l => l.StartsWith('|')).Select(static l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries));
    }

    private static string Page()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VoiceGateway.sln"))) folder = folder.Parent!;
        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "live-connection.md"));
    }
}
