using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator.Tests.Faults;

/// <summary>What the README shows can be used as it stands, and it shows every fault.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Root(), "src", "LiveSimulator", "README.md"));

    [Fact]
    public void FaultTable_EveryKind_IsThereWithItsDefaults()
    {
        var shown = Row().Matches(Readme).Select(static row => row.Groups["fault"].Value).ToList();

        Assert.Equal(Fault.Kinds.Select(static kind => kind.Name).Order(), shown.Select(static fault => Fault.Parse(fault).Kind).Order());
        Assert.All(shown, static fault => Assert.Equal(Fault.Parse(Fault.Parse(fault).Kind), Fault.Parse(fault)));
    }

    [Fact]
    public void Schedule_IsAScenario()
    {
        var json = Schedule().Match(Readme).Groups["json"].Value;

        Assert.Equal(8, Scenario.Parse(json).Faults.Count);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VoiceGateway.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex("""^\| `(?<fault>\{ "kind": .*?\})` \|""", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("""```json\n(?<json>\{\n  "faults".*?)```""", RegexOptions.Singleline)]
    private static partial Regex Schedule();
}
