using System.Text;

namespace VoiceGateway.LiveSimulator;

/// <summary>Why the session is refused: a WebSocket close code and the reason text that goes with it.</summary>
internal sealed record Rejection(int Code, string Reason)
{
    // RFC 6455 5.5: a control frame carries at most 125 bytes, two of which are the code.
    private const int LongestReasonBytes = 123;

    public static Rejection Invalid(string reason) => new(1007, reason);

    public static Rejection Policy(string reason) => new(1008, reason);

    public static Rejection Internal(string reason) => new(1011, reason);

    /// <summary>The reason cut at a whole character, as the service cuts its own long texts.</summary>
    public static string Fit(string reason)
    {
        if (Encoding.UTF8.GetByteCount(reason) <= LongestReasonBytes)
            return reason;
        var fitting = new StringBuilder();
        var bytes = 0;
        foreach (var rune in reason.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > LongestReasonBytes)
                break;
            fitting.Append(rune);
        }

        return fitting.ToString();
    }
}
