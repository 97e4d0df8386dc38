using System.Reflection;
using System.Text.RegularExpressions;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>docs/live-protocol-coverage.md tells the truth: its files, names and tests exist.</summary>
public sealed partial class ProtocolCoverageTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Table_EveryRow_NamesCodeThatKnowsTheFieldAndATestThatExists()
    {
        var tests = typeof(ProtocolCoverageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(IsTest).Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var wrong = new List<string>();
        int rows = 0;
        foreach (string[] cells in Rows())
        {
            rows++;
            string[] files = [.. Quoted(cells[2])], proofs = [.. Quoted(cells[3])];
            if (files.Length == 0 || proofs.Length == 0) wrong.Add($"{cells[0]}: no code or no test");
            wrong.AddRange(files.Where(file => !File.Exists(PathOf(file))).Select(file => $"{cells[0]}: no file {file}"));
            wrong.AddRange(proofs.Where(proof => !tests.Contains(proof)).Select(proof => $"{cells[0]}: no test {proof}"));
            string code = string.Join('\n', files.Select(PathOf).Where(File.Exists).Select(File.ReadAllText));
            wrong.AddRange(Quoted(cells[0])
                .Select(name => name[(name.LastIndexOf('.') + 1)..])
                .Where(name => !code.Contains(name, StringComparison.Ordinal))
                .Select(name => $"{cells[0]}: {name} is in none of {string.Join(", ", files)}"));
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(rows > 90, $"only {rows} rows were read");
    }

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(Root, "docs", "live-protocol-coverage.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Message or field", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static IEnumerable<string> Quoted(string cell) => BetweenBackticks().Matches(cell).Select(match => match.Groups[1].Value);

    private static bool IsTest(MethodInfo method) => method.GetCustomAttribute<FactAttribute>() is not null;

    private static string PathOf(string file) => Path.Combine(Root, "src", "GeminiLive", file);

    private static string FindRoot()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "VoiceGateway.sln"))) at = Path.GetDirectoryName(at);
        return at ?? throw new DirectoryNotFoundException("the solution's folder is not above the test's");
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex BetweenBackticks();
}
