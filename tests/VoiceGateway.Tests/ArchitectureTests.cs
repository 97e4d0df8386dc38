using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VoiceGateway.Tests;

/// <summary>Dependencies point one way. Held at two depths: what a project references, and what a room of the gateway names.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Root = FindRoot();

    [Theory]
    [InlineData("src/Sip", "")]
    [InlineData("src/Rtp", "")]
    [InlineData("src/Codecs", "")]
    [InlineData("src/GeminiLive", "")]
    [InlineData("src/VoiceGateway.Abstractions", "")]
    [InlineData("src/VoiceGateway.Plugins", "VoiceGateway.Abstractions")]
    [InlineData("src/LiveSimulator", "Codecs")]
    [InlineData("tools/Caller", "Codecs Rtp Sip")]
    public void Project_References_OnlyWhatItMay(string project, string allowed)
    {
        var references = Project(project).Descendants("ProjectReference").Select(static r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));
        Assert.Empty(references.Except(allowed.Split(' ')));
    }

    [Theory]
    [InlineData("src/Sip")]
    [InlineData("src/Rtp")]
    [InlineData("src/Codecs")]
    [InlineData("src/GeminiLive")]
    public void Project_BaseClassLibraryOnly_HasNoPackage(string project)
    {
        var document = Project(project);
        Assert.Empty(document.Descendants("PackageReference"));
        Assert.Empty(document.Descendants("FrameworkReference"));
        Assert.Equal("Microsoft.NET.Sdk", (string?)document.Root!.Attribute("Sdk"));
    }

    /// <summary>Rooms do not call one another: Calls joins them, and Admin, Hosting and Demo stand on Calls.</summary>
    [Theory]
    [InlineData("Signalling")]
    [InlineData("Media")]
    [InlineData("Turns")]
    [InlineData("Tools")]
    [InlineData("Routing")]
    [InlineData("Records")]
    [InlineData("Telemetry")]
    public void Room_NamesNoOtherRoom(string room)
    {
        string[] rooms = ["Signalling", "Media", "Turns", "Tools", "Routing", "Records", "Telemetry", "Calls", "Admin", "Hosting", "Demo"];
        foreach (var (file, other) in UsesOf("src/VoiceGateway/" + room))
            Assert.False(rooms.Contains(other) && other != room, $"{file} names VoiceGateway.{other}");
    }

    [Theory]
    [InlineData("Calls", "Admin Hosting Demo")]
    [InlineData("Admin", "Demo")]
    public void Room_DoesNotNameWhatStandsOnIt(string room, string above)
    {
        foreach (var (file, other) in UsesOf("src/VoiceGateway/" + room))
            Assert.False(above.Split(' ').Contains(other), $"{file} names VoiceGateway.{other}");
    }

    [Fact]
    public void Simulator_SharesNoTypesWithTheClient()
    {
        var simulator = typeof(LiveSimulator.LiveSimulatorServer).Assembly;
        Assert.DoesNotContain(simulator.GetReferencedAssemblies(), static a => a.Name == "VoiceGateway.GeminiLive");
    }

    [Fact]
    public void Program_ReadsAsATableOfContents() =>
        Assert.InRange(File.ReadLines(Path.Combine(Root, "src/VoiceGateway/Program.cs")).Count(), 1, 70);

    [Fact]
    public void Source_HasNoAsyncVoid()
    {
        foreach (var file in SourceFiles("src").Concat(SourceFiles("tools")))
            Assert.DoesNotContain("async void", File.ReadAllText(file));
    }

    private static IEnumerable<(string File, string Room)> UsesOf(string folder) =>
        from file in SourceFiles(folder)
        from Match use in RoomName().Matches(File.ReadAllText(file))
        select (Path.GetRelativePath(Root, file), use.Groups[1].Value);

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(static f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static XDocument Project(string folder) => XDocument.Load(Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj").Single());

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (!File.Exists(Path.Combine(folder.FullName, "VoiceGateway.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"VoiceGateway\.([A-Z]\w+)")]
    private static partial Regex RoomName();
}
