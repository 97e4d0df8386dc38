namespace VoiceGateway.GeminiLive;

/// <summary>Whether connecting again makes sense.</summary>
public enum LiveRetry
{
    /// <summary>The same attempt would fail the same way.</summary>
    Never,

    /// <summary>At once, with the resumption handle if there is one.</summary>
    Now,

    /// <summary>With backoff, 0.5 to 4 s and 30 s in all, with the resumption handle if there is one.</summary>
    Later,

    /// <summary>At once, without a handle: the old session is gone or its context full.</summary>
    FreshSession,
}
