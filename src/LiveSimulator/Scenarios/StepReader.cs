using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>Reads steps. Each is an object with one member, the verb; a bare text is a <c>say</c>.</summary>
internal sealed class StepReader
{
    private const int LongestToneMs = 120_000;
    private const int LongestWaitMs = 600_000;

    private readonly string? _folder;
    private readonly Dictionary<string, Func<ScenarioNode, ScenarioStep>> _verbs;

    public StepReader(string? folder)
    {
        _folder = folder;
        _verbs = new(StringComparer.Ordinal)
        {
            ["say"] = ReadSay,
            ["tone"] = ReadTone,
            ["wait"] = static node => new WaitStep(node.Only("milliseconds").Get("milliseconds").Milliseconds(LongestWaitMs)),
            ["callTools"] = ReadCallTools,
            ["branch"] = ReadBranch,
            ["goTo"] = ReadGoTo,
            ["fault"] = ReadFault,
        };
    }

    /// <summary>Every <c>goTo</c> read so far and where it stands, for a check when all turns are known.</summary>
    public List<(string Target, ScenarioNode Place)> GoTos { get; } = [];

    public IReadOnlyList<ScenarioStep> ReadList(ScenarioNode node) => [.. node.Items().Select(Read)];

    private ScenarioStep Read(ScenarioNode node)
    {
        if (node.Element.ValueKind == JsonValueKind.String)
            return ReadSay(node);
        node.Only([.. _verbs.Keys]);
        var verbs = node.Element.EnumerateObject().Select(static member => member.Name).ToList();
        return verbs.Count == 1
            ? _verbs[verbs[0]](node.Get(verbs[0]))
            : throw node.Fault($"a step has exactly one of {string.Join(", ", _verbs.Keys)}");
    }

    private SayStep ReadSay(ScenarioNode node)
    {
        if (node.Element.ValueKind == JsonValueKind.String)
            return new SayStep(CheckedText(node), VoiceLibrary.Saying(node.Text()) ?? Murmur.Generate(node.Text()));
        node.Only("text", "voice");
        var text = node.Get("text");
        var audio = node.Find("voice") is { } voice
            ? ReadVoice(voice)
            : VoiceLibrary.Saying(text.Text()) ?? Murmur.Generate(text.Text());
        return new SayStep(CheckedText(text), audio);
    }

    private SpokenAudio ReadVoice(ScenarioNode node)
    {
        var name = node.NonEmptyText();
        if (!name.EndsWith(".wav", StringComparison.OrdinalIgnoreCase))
        {
            return VoiceLibrary.Named(name)
                ?? throw node.Fault($"there is no built-in voice \"{name}\"; known are {string.Join(", ", VoiceLibrary.Lines.Select(static line => line.Name))}; a file's name ends in .wav");
        }

        try
        {
            return VoiceLibrary.FromFile(Path.Combine(_folder ?? "", name));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw node.Fault(fault.Message);
        }
    }

    private static SayStep ReadTone(ScenarioNode node)
    {
        node.Only("frequencyHz", "milliseconds", "levelDbov");
        return new SayStep(null, Tone.Generate(
            node.Get("frequencyHz").Number(20, 11_000),
            node.Get("milliseconds").Milliseconds(LongestToneMs),
            node.Find("levelDbov")?.Number(-90, -3) ?? -15));
    }

    private CallToolsStep ReadCallTools(ScenarioNode node)
    {
        // The short form is the list of calls alone.
        var isList = node.Element.ValueKind == JsonValueKind.Array;
        if (!isList)
            node.Only("calls", "fallback", "optional");
        var list = isList ? node : node.Get("calls");
        var calls = list.Items().Select(ReadCall).ToList();
        if (calls.Count == 0)
            throw list.Fault("must not be empty");
        var fallback = isList ? null : node.Find("fallback");
        return new(calls, fallback is { } steps ? ReadList(steps) : CannotDo, !isList && (node.Find("optional")?.Flag() ?? false));
    }

    private static ScenarioStep[] CannotDo =>
        [new SayStep(VoiceLibrary.Lines.First(static line => line.Name == "cannot").Text, VoiceLibrary.Named("cannot")!)];

    private static ScenarioToolCall ReadCall(ScenarioNode node)
    {
        node.Only("name", "args", "result");
        var name = node.Get("name").NonEmptyText();
        var args = node.Find("args");
        if (args is { } given)
        {
            if (given.Element.ValueKind != JsonValueKind.Object)
                throw given.Fault("must be an object");
            CheckPlaceholders(given);
        }

        return new(name, args?.Element ?? EmptyObject.Value, node.Find("result")?.NonEmptyText() ?? name);
    }

    private BranchStep ReadBranch(ScenarioNode node)
    {
        node.Only("on", "cases");
        var cases = node.Get("cases").Items().Select(ReadCase).ToList();
        return cases.Count > 0 ? new(node.Get("on").NonEmptyText(), cases) : throw node.Fault("\"cases\" must not be empty");
    }

    private BranchCase ReadCase(ScenarioNode node)
    {
        node.Only("path", "equals", "exists", "steps");
        var path = node.Find("path")?.NonEmptyText();
        var hasEquals = node.Element.TryGetProperty("equals", out var equalTo);
        var exists = node.Find("exists");
        if (path is null ? hasEquals || exists is not null : hasEquals == exists is not null)
            throw node.Fault("a case has \"path\" with either \"equals\" or \"exists\", or none of them to hold always");
        return new(path, hasEquals ? equalTo : null, exists?.Flag() ?? true, ReadList(node.Get("steps")));
    }

    private GoToStep ReadGoTo(ScenarioNode node)
    {
        GoTos.Add((node.NonEmptyText(), node));
        return new(node.NonEmptyText());
    }

    private static FaultStep ReadFault(ScenarioNode node) => FaultReader.Read(node) is var fault and not Fault.AtTheDoor
        ? new(fault)
        : throw node.Fault("this fault is met while connecting: it belongs in the scenario's \"faults\"");

    private static string CheckedText(ScenarioNode node)
    {
        CheckPlaceholders(node);
        return node.NonEmptyText();
    }

    private static void CheckPlaceholders(ScenarioNode node)
    {
        switch (node.Element.ValueKind)
        {
            case JsonValueKind.String when Placeholders.FaultOf(node.Text()) is { } fault:
                throw node.Fault(fault);
            case JsonValueKind.Object:
                foreach (var member in node.Element.EnumerateObject())
                    CheckPlaceholders(new ScenarioNode(member.Value, $"{node.Path}.{member.Name}"));
                break;
            case JsonValueKind.Array:
                foreach (var item in node.Items())
                    CheckPlaceholders(item);
                break;
        }
    }
}
