namespace VoiceGateway.Routing;

/// <summary>What is known of a call when its agent is chosen.</summary>
/// <param name="Dialled">The user part that was dialled; a telephone number without separators and parameters.</param>
public sealed record RouteQuery(string Dialled)
{
    /// <summary>Name of the trunk that the call came by; empty: by none.</summary>
    public string Trunk { get; init; } = "";

    /// <summary>The caller's number; empty when withheld.</summary>
    public string Caller { get; init; } = "";

    /// <summary>Who was dialled first and sent the call on; empty: nobody did.</summary>
    public string DivertedFrom { get; init; } = "";

    /// <summary>Headers of the INVITE by name, without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
