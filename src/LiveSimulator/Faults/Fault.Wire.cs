using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.LiveSimulator;

/// <content>Faults of the messages as such.</content>
public abstract partial record Fault
{
    [Description("Messages that are not JSON, so many in a row, each wrong in another way.")]
    public sealed record Malformed : Deed
    {
        [Range(1, 1000)]
        public int Messages { get; init; } = 1;
    }

    [Description("One valid message of so many megabytes, in a field that nobody knows.")]
    public sealed record Enormous : Deed
    {
        [Range(1, 512)]
        public int Megabytes { get; init; } = 8;
    }

    [Description("Messages with unknown fields at the top and within, unknown enum values, and nothing else.")]
    public sealed record UnknownFields : Deed;

    [Description("Any text as a server message.")]
    public sealed record Raw : Deed
    {
        public string Text { get; init; } = "{}";
    }

    [Description("Text frames where binary ones are usual, or the other way about, or alternating.")]
    public sealed record Frames : Lasting
    {
        public Frames() => Times = 0;

        public FrameKind Type { get; init; } = FrameKind.Text;
    }

    [Description("Audio in the URL-safe base64 alphabet, without padding.")]
    public sealed record UrlSafeBase64 : Lasting
    {
        public UrlSafeBase64() => Times = 0;
    }

    [Description("Fields that usually come alone share a message: audio with transcript, interrupted or generationComplete with turnComplete and usage.")]
    public sealed record TwoFields : Lasting
    {
        public TwoFields() => Times = 0;
    }
}
