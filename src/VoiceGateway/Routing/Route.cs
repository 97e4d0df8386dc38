namespace VoiceGateway.Routing;

/// <summary>Patterns: see <see cref="RoutePattern"/>. What a route does not name may be anything; all that it names must match.</summary>
/// <param name="Dialled">The dialled user part: exact, a prefix with a star (<c>+4930*</c>), or <c>*</c> for every number.</param>
/// <param name="Agent">Name of the agent profile that answers.</param>
public sealed record Route(string Dialled, string Agent)
{
    /// <summary>The trunk that the call came by.</summary>
    public string? Trunk { get; init; }

    /// <summary>The caller's number; a withheld one matches <c>*</c> and nothing else.</summary>
    public string? Caller { get; init; }

    /// <summary>Who was dialled first; <c>*</c> is every call, diverted or not.</summary>
    public string? DivertedFrom { get; init; }

    /// <summary>Headers of the INVITE by name, each with a pattern; <c>*</c>: the header is there. <c>null</c>: none are looked at.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public bool Matches(RouteQuery call) =>
        RoutePattern.Matches(Dialled, call.Dialled)
        && (Trunk is null || RoutePattern.Matches(Trunk, call.Trunk))
        && (Caller is null || RoutePattern.Matches(Caller, call.Caller))
        && (DivertedFrom is null || RoutePattern.Matches(DivertedFrom, call.DivertedFrom))
        && (Headers?.All(wanted => Matches(call, wanted.Key, wanted.Value)) ?? true);

    private static bool Matches(RouteQuery call, string header, string pattern) =>
        call.Headers.FirstOrDefault(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)) is { Key: not null } found && RoutePattern.Matches(pattern, found.Value);
}
