using System.Text.RegularExpressions;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>The codes and statuses in docs/live-connection.md are those of the fault table, and what it quotes is looked for there.</summary>
public sealed partial class LiveConnectionPageTests
{
    public static TheoryData<LiveCloseKind> All => [.. Enum.GetValues<LiveCloseKind>()];

    [Theory]
    [MemberData(nameof(All))]
    public void FaultTable_Causes_AreThoseOfTheCode(LiveCloseKind kind)
    {
        string causes = CausesOf(kind);
        var rows = LiveFaultTable.Closes.Where(row => row.Kind == kind).ToList();
        int[] expected = [.. rows.Select(row => row.Code).OfType<int>(), .. LiveFaultTable.Upgrades.Where(row => row.Kind == kind).Select(row => row.Status)];
        Assert.Equal(expected.Distinct().Order(), Number().Matches(causes).Select(match => int.Parse(match.Value)).Order());
        Assert.Subset(rows.Select(row => row.Text).OfType<string>().ToHashSet(), Quoted().Matches(causes).Select(match => match.Groups[1].Value).ToHashSet());
        if (rows.TrueForAll(row => row.Code is null) && rows.Count > 0) Assert.Matches(Quoted(), causes);
    }

    private static string CausesOf(LiveCloseKind kind)
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "VoiceGateway.sln"))) at = Path.GetDirectoryName(at);
        string row = File.ReadLines(Path.Combine(at!, "docs", "live-connection.md")).Single(line => line.StartsWith($"| `{kind}` |", StringComparison.Ordinal));
        return row.Split('|')[2];
    }

    [GeneratedRegex(@"\b[0-9]{3,4}\b")]
    private static partial Regex Number();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();
}
