using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>Reads a scenario and refuses what it does not understand.</summary>
internal sealed class ScenarioReader(string? folder)
{
    private const int LongestWaitMs = 600_000;

    private readonly StepReader _steps = new(folder);

    public Scenario Read(ScenarioNode root, string defaultName)
    {
        root.Only("name", "description", "greeting", "turns", "onText", "otherwise", "loop", "delivery", "wire", "faults");
        var turns = root.Find("turns")?.Items().Select(ReadTurn).ToList() ?? [];
        var scenario = new Scenario(root.Find("name")?.NonEmptyText() ?? defaultName)
        {
            Description = root.Find("description")?.Text() ?? "",
            Greeting = root.Find("greeting") is { } greeting ? _steps.ReadList(greeting) : [],
            Turns = turns,
            TextRules = root.Find("onText")?.Items().Select(ReadTextRule).ToList() ?? [],
            Otherwise = root.Find("otherwise") is { } otherwise ? ReadTurn(otherwise) : new(null, null, [SayAnythingElse()]),
            Loop = root.Find("loop")?.Flag() ?? false,
            Delivery = root.Find("delivery") is { } delivery ? ReadDelivery(delivery) : new(),
            Wire = root.Find("wire") is { } wire ? ReadWire(wire) : new(),
            Faults = root.Find("faults") is { } faults ? ArmedFault.ReadList(faults) : [],
        };
        CheckTurnIds(root, turns);
        return scenario.Loop && turns.Count == 0 ? throw root.Fault("\"loop\" needs at least one turn") : scenario;
    }

    private static SayStep SayAnythingElse()
    {
        var line = VoiceLibrary.Lines.First(static line => line.Name == "anything-else");
        return new SayStep(line.Text, VoiceLibrary.Named(line.Name)!);
    }

    private ScenarioTurn ReadTurn(ScenarioNode node)
    {
        node.Only("id", "caller", "steps");
        return new(node.Find("id")?.NonEmptyText(), node.Find("caller")?.Text(), _steps.ReadList(node.Get("steps")));
    }

    private TextRule ReadTextRule(ScenarioNode node)
    {
        node.Only("match", "steps");
        var match = node.Get("match");
        try
        {
            // Without backtracking no text can make a pattern take long.
            var pattern = new Regex(match.NonEmptyText(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            return new(pattern, _steps.ReadList(node.Get("steps")));
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw match.Fault($"not a usable regular expression: {fault.Message}");
        }
    }

    private static Delivery ReadDelivery(ScenarioNode node)
    {
        node.Only("thinkMs", "speed", "smallestChunkBytes", "largestChunkBytes", "turnComplete", "seed");
        var normal = new Delivery();
        var delivery = new Delivery
        {
            ThinkTime = node.Find("thinkMs")?.Milliseconds(LongestWaitMs) ?? normal.ThinkTime,
            Speed = node.Find("speed")?.Number(0.1, 1000) ?? normal.Speed,
            SmallestChunkBytes = node.Find("smallestChunkBytes")?.Integer(2, 1 << 20) ?? normal.SmallestChunkBytes,
            LargestChunkBytes = node.Find("largestChunkBytes")?.Integer(2, 1 << 20) ?? normal.LargestChunkBytes,
            TurnComplete = node.Find("turnComplete")?.Choice<TurnCompletion>() ?? normal.TurnComplete,
            Seed = node.Find("seed")?.Integer(0, int.MaxValue),
        };
        return delivery.SmallestChunkBytes <= delivery.LargestChunkBytes
            ? delivery
            : throw node.Fault("\"smallestChunkBytes\" is larger than \"largestChunkBytes\"");
    }

    private static WireStyle ReadWire(ScenarioNode node)
    {
        node.Only("setupMs", "frames", "indented", "sprinkle", "bareMimeType", "omitToolCallIds");
        var normal = new WireStyle();
        return new WireStyle
        {
            SetupTime = node.Find("setupMs")?.Milliseconds(LongestWaitMs) ?? normal.SetupTime,
            Frames = node.Find("frames")?.Choice<FrameKind>() ?? normal.Frames,
            Indented = node.Find("indented")?.Flag() ?? false,
            Sprinkle = node.Find("sprinkle")?.Flag() ?? false,
            BareMimeType = node.Find("bareMimeType")?.Flag() ?? false,
            OmitToolCallIds = node.Find("omitToolCallIds")?.Flag() ?? false,
        };
    }

    private void CheckTurnIds(ScenarioNode root, List<ScenarioTurn> turns)
    {
        var ids = turns.Where(static turn => turn.Id is not null).Select(static turn => turn.Id!).ToList();
        if (ids.GroupBy(static id => id).FirstOrDefault(static group => group.Count() > 1) is { } twice)
            throw root.Fault($"two turns are called \"{twice.Key}\"");
        foreach (var (target, place) in _steps.GoTos)
        {
            if (!ids.Contains(target))
                throw place.Fault($"no turn is called \"{target}\"");
        }
    }
}
