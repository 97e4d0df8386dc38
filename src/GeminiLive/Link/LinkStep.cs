namespace VoiceGateway.GeminiLive;

/// <summary>What a link does about the end of a connection, or about one that could not be had.</summary>
public enum LinkStep
{
    /// <summary>Again at once, with the resumption handle.</summary>
    Resume,

    /// <summary>Again after a pause, with the handle: 0.5 s, doubling to 4 s, as long as the budget lasts; then once without the handle, then the next route.</summary>
    BackOff,

    /// <summary>Again at once, without the handle, seeded with what was said. When there was no handle anyway: the next route.</summary>
    Fresh,

    /// <summary>The next route, seeded with what was said. When there is none: the end.</summary>
    NextRoute,

    /// <summary>The next route; when there is none, as <see cref="BackOff"/> in the middle of a conversation and the end before it.</summary>
    NextRouteOrBackOff,
}
