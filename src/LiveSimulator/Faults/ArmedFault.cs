using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>A fault that waits for connections: at which moment it comes over them, and over how many.</summary>
public sealed record ArmedFault
{
    internal ArmedFault(FaultMoment at, IReadOnlyList<Fault> from)
    {
        At = at;
        From = from;
    }

    /// <summary>Its name on the server; empty until it is armed.</summary>
    public string Id { get; internal init; } = "";

    public FaultMoment At { get; }

    /// <summary>The fault, or those from which each time one is drawn.</summary>
    public IReadOnlyList<Fault> From { get; }

    /// <summary>Drawn by chance, at intervals of <see cref="FaultMoment.Time"/> on average.</summary>
    public bool IsRandom { get; internal init; }

    /// <summary>Makes the draws of a conversation the same every time. Null: by chance.</summary>
    public int? Seed { get; internal init; }

    /// <summary>How many connections are still to have it. Null: all, until it is removed.</summary>
    public int? ConnectionsLeft { get; internal init; }

    /// <summary>Each connection that comes has the fault, <paramref name="connections"/> of them or all.</summary>
    /// <exception cref="ArgumentException">The fault cannot come at that moment.</exception>
    public static ArmedFault Once(Fault fault, FaultMoment? at = null, int? connections = null)
    {
        var moment = at ?? FaultMoment.NormalFor(fault);
        return fault is Fault.AtTheDoor && moment != FaultMoment.Connect
            ? throw new ArgumentException($"{fault.Kind} is met while connecting: it comes at \"connect\".")
            : new(moment, [fault]) { ConnectionsLeft = connections };
    }

    /// <summary>A conversation has one of the faults every now and then, <paramref name="every"/> on average (half to one and a half times that), over all its connections.</summary>
    /// <exception cref="ArgumentException">There is nothing to draw from, or one is for connections to come.</exception>
    public static ArmedFault Random(TimeSpan every, IReadOnlyList<Fault> from, int? seed = null)
    {
        if (from.Count == 0 || every <= TimeSpan.Zero)
            throw new ArgumentException("There must be something to draw from and a time in between.");
        return from.FirstOrDefault(static fault => fault is Fault.AtTheDoor) is { } door
            ? throw new ArgumentException($"{door.Kind} is met while connecting: it cannot be drawn.")
            : new(FaultMoment.Every(every), from) { IsRandom = true, Seed = seed };
    }

    /// <summary>Reads what a scenario's <c>faults</c> could hold from a file, or from the text itself; or one fault in its short form.</summary>
    /// <exception cref="ScenarioException">It cannot be read or understood.</exception>
    public static IReadOnlyList<ArmedFault> Load(string fileOrText)
    {
        if (File.Exists(fileOrText))
            return ReadFile(fileOrText);
        return fileOrText.AsSpan().TrimStart() is ['[' or '{', ..] ? ReadList(FaultReader.Node(fileOrText)) : [Once(Fault.Parse(fileOrText))];
    }

    /// <summary>Reads a list of entries, or one.</summary>
    internal static List<ArmedFault> ReadList(ScenarioNode node) =>
        node.Element.ValueKind == JsonValueKind.Array ? [.. node.Items().Select(Read)] : [Read(node)];

    private static List<ArmedFault> ReadFile(string path)
    {
        try
        {
            return ReadList(FaultReader.Node(File.ReadAllText(path)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ScenarioException)
        {
            throw new ScenarioException($"{path}: {fault.Message}");
        }
    }

    /// <summary>Reads one entry of a list of faults: a fault with <c>at</c> and <c>connections</c>, or <c>randomEvery</c>, or <c>goAwayEvery</c>.</summary>
    internal static ArmedFault Read(ScenarioNode node)
    {
        if (node.Element.ValueKind == JsonValueKind.Object)
        {
            if (node.Find("randomEvery") is { } every)
                return ReadRandom(node, every);
            if (node.Find("goAwayEvery") is { } rhythm)
            {
                node.Only("goAwayEvery", "timeLeft");
                var goAway = new Fault.GoAway();
                return Once(node.Find("timeLeft") is { } left ? goAway with { TimeLeft = left.Duration() } : goAway, FaultMoment.Every(Positive(rhythm)));
            }
        }

        var fault = FaultReader.Read(node, "at", "connections");
        var isObject = node.Element.ValueKind == JsonValueKind.Object;
        var at = isObject && node.Find("at") is { } moment ? FaultMoment.Read(moment) : null;
        var connections = isObject ? node.Find("connections")?.Integer(1, 1_000_000) : null;
        return Checked(node, () => Once(fault, at, connections));
    }

    private static ArmedFault ReadRandom(ScenarioNode node, ScenarioNode every)
    {
        node.Only("randomEvery", "from", "seed");
        List<Fault> from = [.. node.Get("from").Items().Select(static each => FaultReader.Read(each))];
        return Checked(node, () => Random(Positive(every), from, node.Find("seed")?.Integer(0, int.MaxValue)));
    }

    private static TimeSpan Positive(ScenarioNode node) =>
        node.Duration() is var time && time > TimeSpan.Zero ? time : throw node.Fault("must be more than nothing");

    private static ArmedFault Checked(ScenarioNode node, Func<ArmedFault> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException fault)
        {
            throw node.Fault(fault.Message);
        }
    }
}
