using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.LiveSimulator;

/// <content>Faults of the model's replies: stalls, interruptions, the pace of the audio.</content>
public abstract partial record Fault
{
    [Description("A turn without audio: turnComplete comes at once.")]
    public sealed record EmptyTurn : Stall;

    [Description("The audio stops in the middle of a sentence; then comes turnComplete, or nothing at all.")]
    public sealed record CutShort : Stall
    {
        [Description("how much of the sentence is sent, half of it at most")]
        public TimeSpan After { get; init; } = TimeSpan.FromMilliseconds(800);

        [Description("whether turnComplete is sent")]
        public bool TurnComplete { get; init; } = true;
    }

    [Description("The caller's turn is met with silence: no transcript, no audio, no turnComplete.")]
    public sealed record Silence : Stall;

    [Description("Functions are called, their results are taken in, and nothing is said.")]
    public sealed record DeafAfterTool : Stall;

    [Description("An interruption is not announced.")]
    public sealed record NoInterrupted : Lasting
    {
        [Description("the model even talks on, and answers the caller after that")]
        public bool GoesOn { get; init; }
    }

    [Description("An interruption is noticed so much later; audio goes on until then.")]
    public sealed record LateInterrupted : Lasting
    {
        public TimeSpan By { get; init; } = TimeSpan.FromMilliseconds(500);
    }

    [Description("interrupted without anybody having spoken: the model stops, and a nudge gets the rest.")]
    public sealed record PhantomInterrupted : Deed
    {
        [Description("the model talks on all the same")]
        public bool GoesOn { get; init; }
    }

    [Description("turnComplete comes with the last audio, long before it is heard: a caller who speaks into it gets interrupted after turnComplete.")]
    public sealed record InterruptedAfterTurnComplete : Lasting;

    [Description("The whole reply goes out at once.")]
    public sealed record Burst : Lasting
    {
        [Description("each sentence is one message")]
        public bool OneMessage { get; init; }
    }

    [Description("The audio stops for a while in the middle of a sentence, long enough for the caller to hear a hole, and goes on.")]
    public sealed record Drought : Lasting
    {
        [Description("how much audio is sent before, half of the sentence at most")]
        public TimeSpan After { get; init; } = TimeSpan.FromMilliseconds(500);

        public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(3);
    }

    [Description("The audio comes in tiny messages.")]
    public sealed record TinyChunks : Lasting
    {
        [Range(2, 1920)]
        public int Bytes { get; init; } = 40;
    }

    [Description("The audio comes slower than it plays.")]
    public sealed record Slow : Lasting
    {
        [Description("times real time")]
        [Range(0.01, 1.0)]
        public double Speed { get; init; } = 0.5;
    }

    [Description("Transcripts are duplicated, out of order, late (after turnComplete) or missing.")]
    public sealed record Transcripts : Lasting
    {
        public TranscriptDisorder How { get; init; }
    }
}
