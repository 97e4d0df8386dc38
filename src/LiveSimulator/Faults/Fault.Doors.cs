using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.LiveSimulator;

/// <content>Faults that a client meets while it connects.</content>
public abstract partial record Fault
{
    [Description("Answers the upgrade with this HTTP status.")]
    public sealed record Refuse : AtTheDoor
    {
        [Range(400, 599)]
        public int Status { get; init; } = 503;

        [Description("the Retry-After header, in whole seconds; none by default")]
        public TimeSpan RetryAfter { get; init; }
    }

    [Description("Has no room for more than so many open sessions.")]
    public sealed record Quota : AtTheDoor
    {
        [Range(0, 100_000)]
        public int Sessions { get; init; } = 1;

        [Description("http429: on the upgrade; close1011: once the WebSocket is open")]
        public QuotaAnswer Answer { get; init; }

        [Description("the Retry-After header of the 429, in whole seconds")]
        public TimeSpan RetryAfter { get; init; }
    }

    [Description("Sends setupComplete so much later.")]
    public sealed record SlowSetup : AtTheDoor
    {
        public TimeSpan By { get; init; } = TimeSpan.FromSeconds(5);
    }

    [Description("Never sends setupComplete.")]
    public sealed record NoSetupComplete : AtTheDoor;

    [Description("Refuses any resumption handle, by a close.")]
    public sealed record RefuseHandle : AtTheDoor
    {
        [Range(1000, 4999)]
        public int Code { get; init; } = 1008;

        public string Reason { get; init; } = "BidiGenerateContent session not found or expired.";
    }

    [Description("Sends no sessionResumptionUpdate: there is never a handle.")]
    public sealed record NoHandles : AtTheDoor;
}
