using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// Something that goes wrong on purpose. A fault is data: its name and its settings are the same in a scenario, over HTTP and
/// in C#, where the name is the record's in camelCase. What carries it out looks it up where it matters.
/// </summary>
/// <remarks>Durations are written as texts: <c>"500ms"</c>, <c>"10s"</c>, <c>"2m"</c>.</remarks>
/// <code>
/// await session.InjectAsync(new Fault.Close { Code = 1011, Reason = "Internal error encountered." });
/// server.Faults.Arm(new Fault.Refuse { Status = 503 }, connections: 3);
/// Fault.Parse("close:1011")          // the same as {"kind":"close","code":1011}
/// </code>
public abstract partial record Fault
{
    private Fault()
    {
    }

    /// <summary>Every kind of fault there is, with a sentence each.</summary>
    public static IReadOnlyList<FaultKind> Kinds => FaultKind.All;

    /// <summary>The name, for example <c>goAway</c>.</summary>
    public string Kind => FaultKind.Of(this).Name;

    /// <summary>Reads a fault: an object with its <c>kind</c> and settings, or the short form, <c>drop</c> or <c>close:1011</c>, with or without quotes.</summary>
    /// <exception cref="ScenarioException">It cannot be understood; the message names the JSON path.</exception>
    public static Fault Parse(string text) => FaultReader.Parse(text);

    /// <summary>The JSON object that <see cref="Parse"/> reads.</summary>
    public sealed override string ToString() => FaultReader.ToJson(this);

    /// <summary>What is wrong with the settings taken together, or null.</summary>
    internal virtual string? Complaint => null;

    /// <summary>Decides about a connection before it has a session: armed on the server, never injected.</summary>
    public abstract record AtTheDoor : Fault;

    /// <summary>Happens once, at once.</summary>
    public abstract record Deed : Fault;

    /// <summary>Changes how a session behaves, so many times or until it is cleared.</summary>
    public abstract record Lasting : Fault
    {
        [Description("how many times it takes effect; 0: until it is cleared or the connection ends")]
        [Range(0, 1000)]
        public int Times { get; init; } = 1;
    }

    /// <summary>Leaves the caller without a whole answer. A text that nudges the model ("please go on") gets what was withheld.</summary>
    public abstract record Stall : Lasting
    {
        [Description("what ends it: the caller's next turn, a text that nudges (which always helps but with reconnect), or another connection")]
        public StallEnd Until { get; init; } = StallEnd.NextTurn;
    }
}
