namespace VoiceGateway.Routing;

/// <summary>The patterns of <c>routes.json</c>: exact, a beginning with a star (<c>+4930*</c>), or <c>*</c> for everything. Case does not matter.</summary>
internal static class RoutePattern
{
    public static bool Matches(string pattern, string value) =>
        pattern.EndsWith('*')
            ? value.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase)
            : string.Equals(value, pattern, StringComparison.OrdinalIgnoreCase);
}
