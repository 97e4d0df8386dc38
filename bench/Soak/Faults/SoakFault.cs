using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Soak;

/// <summary>Something that may go wrong in a call: on the connection that is up, or at the door of the next one, which the caller's connection is then driven to.</summary>
internal sealed record SoakFault(string Name, Fault Fault)
{
    public bool IsAtTheDoor => Fault is Fault.AtTheDoor;

    public static IReadOnlyList<SoakFault> All { get; } =
    [
        new("TCP reset", new Fault.Drop { How = DropStyle.Reset }),
        new("abrupt end (1006)", new Fault.Drop { How = DropStyle.Fin }),
        new("half-open", new Fault.HalfOpen { Lasts = TimeSpan.FromSeconds(30) }),
        new("half-open, handle kept", new Fault.HalfOpen { Lasts = TimeSpan.FromSeconds(12), KeepsHandle = true }),
        new("deaf and dumb", new Fault.DeafAndDumb()),
        new("close 1000", new Fault.Close { Code = 1000 }),
        new("close 1001", new Fault.Close { Code = 1001, Reason = "The session has reached its maximum duration." }),
        new("close 1005", new Fault.Close { Code = 1005 }),
        new("close 1007", new Fault.Close { Code = 1007, Reason = "Request contains an invalid argument." }),
        new("close 1007, context full", new Fault.Close { Code = 1007, Reason = "The input token count exceeds the maximum number of tokens allowed." }),
        new("close 1008, not implemented", new Fault.Close { Code = 1008, Reason = "Operation is not implemented, or supported, or enabled." }),
        new("close 1008, not found", new Fault.Close { Code = 1008, Reason = "Requested entity was not found." }),
        new("close 1011", new Fault.Close { Code = 1011, Reason = "Internal error encountered." }),
        new("close 1011, unavailable", new Fault.Close { Code = 1011, Reason = "The service is currently unavailable." }),
        new("close 1011, quota", new Fault.Close { Code = 1011, Reason = "Resource has been exhausted (e.g. check quota)." }),
        new("429 at the next upgrade", new Fault.Refuse { Status = 429 }),
        new("503 at the next upgrade", new Fault.Refuse { Status = 503 }),
        new("setupComplete late", new Fault.SlowSetup { By = TimeSpan.FromSeconds(3) }),
        new("setupComplete missing", new Fault.NoSetupComplete()),
        new("handle refused", new Fault.RefuseHandle()),
        new("stall: turn without audio", new Fault.EmptyTurn()),
        new("stall: cut short", new Fault.CutShort()),
        new("stall: cut short, turn open", new Fault.CutShort { TurnComplete = false }),
        new("stall: silence", new Fault.Silence()),
        new("stall: silence until another connection", new Fault.Silence { Until = StallEnd.Reconnect }),
        new("stall: deaf after a tool", new Fault.DeafAfterTool()),
        new("malformed message", new Fault.Malformed()),
        new("malformed messages", new Fault.Malformed { Messages = 4 }),
        new("message of 9 MB", new Fault.Enormous { Megabytes = 9 }),
        new("unknown fields", new Fault.UnknownFields()),
        new("phantom interrupted", new Fault.PhantomInterrupted()),
        new("interrupted late", new Fault.LateInterrupted()),
        new("drought", new Fault.Drought()),
        new("transcripts twice", new Fault.Transcripts { How = TranscriptDisorder.Duplicated }),
        new("late tool cancellation", new Fault.LateCancellation()),
        new("tools cancelled", new Fault.CancelTools()),
        new("tool call without ids", new Fault.MissingIds()),
        new("tool call twice", new Fault.DuplicateToolCall()),
        new("unknown function", new Fault.UnknownFunction()),
    ];
}
