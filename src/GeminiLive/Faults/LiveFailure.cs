namespace VoiceGateway.GeminiLive;

/// <summary>Why there is no session.</summary>
/// <param name="Kind">Classified by HTTP status, close code and reason text.</param>
/// <param name="HttpStatus">Of a refused upgrade.</param>
/// <param name="CloseCode">Of a close between upgrade and <c>setupComplete</c>.</param>
/// <param name="Reason">For people; holds no credential.</param>
public sealed record LiveFailure(LiveCloseKind Kind, int? HttpStatus, int? CloseCode, string? Reason, Exception? Exception)
{
    public LiveRetry Retry { get; init; }

    /// <summary>The server's <c>Retry-After</c>, when it sent one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public override string ToString() =>
        $"{Kind}{(HttpStatus is { } status ? $" HTTP {status}" : "")}{(CloseCode is { } code ? $" {code}" : "")}"
        + $"{(string.IsNullOrEmpty(Reason) ? "" : $" \"{Reason}\"")}, retry: {Retry}";
}
