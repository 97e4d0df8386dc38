using VoiceGateway.Caller;

namespace VoiceGateway.Soak;

/// <summary>One call as its caller knows it.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Number">The caller's, by which gateway and simulator know it.</param>
/// <param name="Line">What was sent.</param>
internal sealed record SoakCall(int Index, string Number, SentLine Line)
{
    public CallerReport? Report { get; set; }

    /// <summary>The caller hung up because the time was over: neither before, nor was the call taken from him.</summary>
    public bool RanToItsEnd => Report is { Outcome: CallerOutcome.Cancelled, StatusCode: 200 };

    public static SoakCall Of(int index, int seed) => new(index, $"+49300{index:D6}", new SentLine(seed * 10_000 + index));
}
