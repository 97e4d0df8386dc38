namespace VoiceGateway.Caller;

/// <summary>Presses keys, as RFC 4733 telephone-events: <c>0-9 * # A-D</c>.</summary>
public sealed record DtmfStep(string Digits) : CallerStep
{
    /// <summary>For how long a key is held; the pause after it is as long.</summary>
    public TimeSpan KeyDuration { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether every character is a key of a telephone.</summary>
    public static bool IsValid(string digits) => digits.Length > 0 && digits.All(digit => "0123456789*#ABCD".Contains(digit));
}
