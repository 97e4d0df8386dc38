namespace VoiceGateway.Routing;

/// <param name="Dialled">The dialled user part: exact, a prefix with a star (<c>+4930*</c>), or <c>*</c> for every number.</param>
/// <param name="Agent">Name of the agent profile that answers.</param>
public sealed record Route(string Dialled, string Agent)
{
    public bool Matches(string number) =>
        Dialled.EndsWith('*')
            ? number.StartsWith(Dialled.AsSpan(0, Dialled.Length - 1), StringComparison.OrdinalIgnoreCase)
            : string.Equals(number, Dialled, StringComparison.OrdinalIgnoreCase);
}
