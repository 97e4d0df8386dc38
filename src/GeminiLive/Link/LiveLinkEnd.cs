namespace VoiceGateway.GeminiLive;

/// <summary>The end of a link.</summary>
/// <param name="Failure">Why no further connection could be had; null when this side closed it.</param>
/// <param name="Close">How the last connection ended, when it was that which began the end.</param>
public sealed record LiveLinkEnd(LiveFailure? Failure, LiveClose? Close)
{
    public override string ToString() => (Close, Failure) switch
    {
        (null, null) => "closed",
        (null, { } failure) => failure.ToString(),
        ({ } close, null) => close.ToString(),
        var (close, failure) => $"{close}; then {failure}",
    };
}
