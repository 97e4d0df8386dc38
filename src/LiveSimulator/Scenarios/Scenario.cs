using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>What the simulated model says and does: its greeting, and its answer to each turn of the caller's. Immutable, shared by sessions.</summary>
public sealed class Scenario
{
    public const string DefaultName = "book-a-table";

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    internal Scenario(string name)
    {
        Name = name;
    }

    public string Name { get; }

    public string Description { get; internal init; } = "";

    /// <summary>What the caller is expected to say, turn by turn; the input transcript is made of it.</summary>
    public IEnumerable<string?> CallerLines => Turns.Select(static turn => turn.Caller);

    /// <summary>The names of the scenarios that are built in.</summary>
    public static IEnumerable<string> BuiltInNames =>
        BuiltInFile.Names("scenarios").Select(static name => System.IO.Path.GetFileNameWithoutExtension(name));

    internal IReadOnlyList<ScenarioStep> Greeting { get; init; } = [];

    internal IReadOnlyList<ScenarioTurn> Turns { get; init; } = [];

    internal IReadOnlyList<TextRule> TextRules { get; init; } = [];

    /// <summary>The answer to every turn after the last one.</summary>
    internal ScenarioTurn Otherwise { get; init; } = new(null, null, []);

    /// <summary>After the last turn comes the first one again.</summary>
    internal bool Loop { get; init; }

    internal Delivery Delivery { get; init; } = new();

    /// <summary>Armed on every server that plays the scenario.</summary>
    internal IReadOnlyList<ArmedFault> Faults { get; init; } = [];

    internal WireStyle Wire { get; init; } = new();

    /// <exception cref="ScenarioException">There is no such scenario.</exception>
    public static Scenario BuiltIn(string name)
    {
        if (!BuiltInNames.Contains(name))
            throw new ScenarioException($"there is no built-in scenario '{name}'; known are {string.Join(", ", BuiltInNames)}");
        using var file = BuiltInFile.Open($"scenarios/{name}.json");
        using var reader = new StreamReader(file);
        return Parse(reader.ReadToEnd(), name, folder: null);
    }

    /// <summary>Loads a file, or a built-in scenario when <paramref name="pathOrName"/> is the name of one and no file is called so.</summary>
    /// <exception cref="ScenarioException">It cannot be found, read or understood.</exception>
    public static Scenario Load(string pathOrName)
    {
        if (!File.Exists(pathOrName))
        {
            return BuiltInNames.Contains(pathOrName)
                ? BuiltIn(pathOrName)
                : throw new ScenarioException($"scenario '{pathOrName}' is neither a file nor one of {string.Join(", ", BuiltInNames)}");
        }

        string json;
        try
        {
            json = File.ReadAllText(pathOrName);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"scenario '{pathOrName}' cannot be read: {fault.Message}");
        }

        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(pathOrName));
        return Parse(json, pathOrName, folder);
    }

    /// <param name="json">The scenario's text.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="folder">Where its WAV files are looked for.</param>
    /// <exception cref="ScenarioException">It cannot be understood.</exception>
    public static Scenario Parse(string json, string source = "scenario", string? folder = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var root = document.RootElement.Clone();
            return new ScenarioReader(folder).Read(new ScenarioNode(root, "$"), System.IO.Path.GetFileNameWithoutExtension(source));
        }
        catch (JsonException fault)
        {
            throw new ScenarioException($"{source}: line {fault.LineNumber + 1}: {fault.Message}");
        }
        catch (ScenarioException fault)
        {
            throw new ScenarioException($"{source}: {fault.Message}");
        }
    }

    public override string ToString() => Name;
}
