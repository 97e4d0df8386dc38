namespace VoiceGateway.GeminiLive;

/// <summary>How a session ended.</summary>
/// <param name="Kind">Classified by code and reason text.</param>
/// <param name="Code">The WebSocket close code (RFC 6455 7.4); null when no close frame came (1006).</param>
/// <param name="Reason">The server's words, or ours where it said nothing.</param>
/// <param name="Exception">What the transport or the handler threw.</param>
public sealed record LiveClose(LiveCloseKind Kind, int? Code, string? Reason, Exception? Exception)
{
    public LiveRetry Retry { get; init; }

    public override string ToString() =>
        $"{Kind}{(Code is { } code ? $" {code}" : "")}{(string.IsNullOrEmpty(Reason) ? "" : $" \"{Reason}\"")}, retry: {Retry}";
}
