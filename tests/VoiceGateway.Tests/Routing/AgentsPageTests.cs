using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using VoiceGateway.Calls;
using VoiceGateway.Codecs;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Routing;

/// <summary>docs/agents.md: its examples work, and its table has every key and no other.</summary>
public sealed partial class AgentsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(FindRoot(), "docs", "agents.md"));

    public static IEnumerable<object[]> Examples() => Example().Matches(Page).Select(static m => new object[] { m.Groups["where"].Value, m.Groups["json"].Value });

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_IsAnAgentThatItsModelTakes(string where, string json)
    {
        using var folder = new AgentsFolder(json);
        folder.Write("host.md", Instructions().Match(Page).Groups["text"].Value);
        folder.Write("second-project.key", "key");
        using (var wav = new WavWriter(File.Create(Path.Combine(folder.Path, "agents", "sorry.wav")), 24000, 1)) wav.Write(new short[2400]);
        var live = where switch
        {
            "v1alpha" => Target(new LiveEndpoint(LiveEndpoint.Google, "key", "v1alpha")),
            "vertex" => Target(LiveEndpoint.Vertex("project", "europe-west4")),
            _ => Target(new LiveEndpoint(LiveEndpoint.Google, "key")),
        };
        Assert.Empty(AgentSetupCheck.Check(RouteTable.Load(folder.Path).Agents, Catalog(), live));
    }

    [Fact]
    public void Examples_UseEveryKey()
    {
        var used = Examples().SelectMany(static e => Keys(JsonElement.Parse((string)e[1]), "")).ToHashSet();
        Assert.Empty(Known().Except(used));
    }

    [Fact]
    public void Table_HasEveryKeyAndNoOther()
    {
        var rows = Row().Matches(Page).Select(static m => m.Groups["key"].Value).ToHashSet();
        Assert.Empty(Known().Except(rows));
        Assert.Empty(rows.Except(Known()).Except(["customer", "history", "fallback"]));
    }

    [Fact]
    public void Text_NamesWhatCanBeLeftOutAndEveryVariable()
    {
        var fallback = Page[Page.IndexOf("## Fallback", StringComparison.Ordinal)..];
        Assert.All(AgentProfileWithout.Names, n => Assert.Contains($"`{n}`", fallback));
        Assert.All(AgentText.Variables, static v => Assert.Contains($"`{{{{{v}}}}}`", Page));
    }

    private static IEnumerable<string> Known() => Known(typeof(AgentProfile), "");

    private static IEnumerable<string> Known(Type type, string above) =>
        from property in type.GetProperties()
        where property.CanWrite && property.Name != nameof(AgentProfile.Name)
        let key = above + JsonNamingPolicy.CamelCase.ConvertName(property.Name)
        let item = property.PropertyType.IsGenericType ? property.PropertyType.GenericTypeArguments[0] : null
        let isList = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
        from leaf in IsOurs(property.PropertyType) ? Known(property.PropertyType, key + ".")
            : isList && IsOurs(item!) ? Known(item!, key + "[].")
            : [key]
        select leaf;

    private static bool IsOurs(Type type) => type.IsClass && type.Namespace == typeof(AgentProfile).Namespace;

    private static IEnumerable<string> Keys(JsonElement value, string above) => value.EnumerateObject().SelectMany(p =>
        p.Value.ValueKind == JsonValueKind.Object && p.Name is not ("toolBehavior" or "toolScheduling") ? Keys(p.Value, $"{above}{p.Name}.")
        : p.Value.ValueKind == JsonValueKind.Array && p.Value.EnumerateArray().All(static i => i.ValueKind == JsonValueKind.Object)
            ? p.Value.EnumerateArray().SelectMany(i => Keys(i, $"{above}{p.Name}[]."))
        : [above + p.Name]);

    private static LiveTarget Target(LiveEndpoint endpoint) => new(endpoint, "gemini-3.8-live", TimeSpan.FromSeconds(1), false);

    private static ToolCatalog Catalog()
    {
        var catalog = new ToolCatalog();
        catalog.Add("bookings", [Stub("create_booking"), Stub("check_availability")]);
        catalog.Add("lookups", [Stub("find_customer"), Stub("opening_hours")]);
        catalog.Add("callcentre", [Stub("hang_up")]);
        return catalog;
    }

    private static AIFunction Stub(string name) => AIFunctionFactory.Create(static (string phone) => phone, name, "does something");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (!File.Exists(Path.Combine(folder.FullName, "VoiceGateway.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"(<!-- (?<where>\w+) -->\n)?```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"```text\n(?<text>You answer.*?)```", RegexOptions.Singleline)]
    private static partial Regex Instructions();

    [GeneratedRegex(@"^\| `(?<key>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
