using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.Soak;

/// <summary>The scenario for a whole call: the rounds of <c>soak.json</c>, each with order numbers of its own.</summary>
internal static class SoakScenario
{
    public const string PlaceOrder = "place_order";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip };

    public static string Write(string folder, int rounds)
    {
        using var file = typeof(SoakScenario).Assembly.GetManifestResourceStream("soak.json")!;
        var scenario = JsonNode.Parse(file, documentOptions: Lenient)!.AsObject();
        var round = scenario["turns"]!.ToJsonString();
        scenario["turns"] = new JsonArray([.. Enumerable.Range(0, rounds).SelectMany(r => Round(round, r))]);
        var path = Path.Combine(folder, "soak.json");
        File.WriteAllText(path, scenario.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return path;
    }

    private static IEnumerable<JsonNode?> Round(string template, int round)
    {
        var text = template
            .Replace("\"{order}\"", (2 * round + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("\"{next}\"", (2 * round + 2).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return JsonNode.Parse(text)!.AsArray().Select(static turn => turn!.DeepClone());
    }
}
