using System.Globalization;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// When an armed fault comes over a connection. As a text: <c>connect</c> (the WebSocket is open), <c>setup</c> (<c>setup</c> has been read,
/// <c>setupComplete</c> not sent), <c>second:30</c> (after <c>setupComplete</c>), <c>every:60s</c>, <c>turn:2</c> (the reply to the caller's second turn starts).
/// </summary>
public sealed record FaultMoment
{
    private FaultMoment(FaultMomentKind kind)
    {
        Kind = kind;
    }

    public static FaultMoment Connect { get; } = new(FaultMomentKind.Connect);

    public static FaultMoment Setup { get; } = new(FaultMomentKind.Setup);

    public FaultMomentKind Kind { get; }

    /// <summary>For <see cref="FaultMomentKind.After"/> and <see cref="FaultMomentKind.Every"/>.</summary>
    public TimeSpan Time { get; private init; }

    /// <summary>For <see cref="FaultMomentKind.Turn"/>: from 1, counted over all connections of the conversation.</summary>
    public int Number { get; private init; }

    /// <summary>So long after <c>setupComplete</c> of each connection.</summary>
    public static FaultMoment After(TimeSpan time) => new(FaultMomentKind.After) { Time = time };

    /// <summary>Again and again after <c>setupComplete</c> of each connection.</summary>
    public static FaultMoment Every(TimeSpan time) => new(FaultMomentKind.Every) { Time = time };

    public static FaultMoment Turn(int number) => new(FaultMomentKind.Turn) { Number = number };

    public override string ToString() => Kind switch
    {
        FaultMomentKind.Connect => "connect",
        FaultMomentKind.Setup => "setup",
        FaultMomentKind.After => string.Create(CultureInfo.InvariantCulture, $"second:{Time.TotalSeconds}"),
        FaultMomentKind.Every => string.Create(CultureInfo.InvariantCulture, $"every:{Time.TotalSeconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"turn:{Number}"),
    };

    /// <summary>What a fault is armed for when nobody says: doors and lasting faults from the start, deeds as soon as the session is set up.</summary>
    internal static FaultMoment NormalFor(Fault fault) => fault is Fault.Deed ? After(TimeSpan.Zero) : Connect;

    internal static FaultMoment Read(ScenarioNode node)
    {
        var text = node.Text();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var value = text[(colon + 1)..];
        return (colon < 0 ? text : text[..colon]) switch
        {
            "connect" when colon < 0 => Connect,
            "setup" when colon < 0 => Setup,
            "second" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= 86_400 => After(TimeSpan.FromSeconds(seconds)),
            "turn" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => Turn(number),
            "every" => EveryChecked(node, value),
            _ => throw node.Fault($"must be one of connect, setup, second:30, every:60s and turn:2, not \"{text}\""),
        };
    }

    private static FaultMoment EveryChecked(ScenarioNode node, string value)
    {
        var time = new ScenarioNode(System.Text.Json.JsonSerializer.SerializeToElement(value), node.Path).Duration();
        return time > TimeSpan.Zero ? Every(time) : throw node.Fault("must be more than nothing");
    }
}
