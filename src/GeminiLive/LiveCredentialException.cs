namespace VoiceGateway.GeminiLive;

/// <summary>For a <see cref="LiveEndpoint.BearerTokenSource"/> to throw. Unlike that of any other exception its message is shown, so it must hold no secret.</summary>
/// <param name="isPermanent">True: asking again would fail the same way (no such key file, account disabled).</param>
public sealed class LiveCredentialException(string message, bool isPermanent, Exception? inner = null) : Exception(message, inner)
{
    public bool IsPermanent { get; } = isPermanent;
}
