using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using VoiceGateway.Abstractions;
using VoiceGateway.Routing;

namespace VoiceGateway.Calls;

/// <summary>What the call variables of an agent's texts stand for in one call. The values are data: see <see cref="AgentValue"/>.</summary>
/// <param name="Caller">As signalled.</param>
/// <param name="Called">As signalled.</param>
/// <param name="Agent">The profile's name.</param>
/// <param name="Now">The wall clock where the agent works.</param>
/// <param name="Customer">What the look-up found; null: nobody.</param>
public sealed record CallVariables(string Caller, string Called, string Agent, DateTimeOffset Now, JsonElement? Customer = null)
{
    private const int LongestField = 120;
    private const string HeaderPrefix = "header.";
    private const int LongestCustomer = 600;

    public static CallVariables Of(AgentProfile agent, CallContext call, TimeProvider time, JsonElement? customer = null)
    {
        var zone = agent.TimeZone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : time.LocalTimeZone;
        return new(call.CallerNumber, call.CalledNumber, agent.Name, TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone), customer)
        {
            CallerName = call.CallerName,
            DivertedFrom = call.DivertedFrom,
            Trunk = call.Trunk,
            Headers = call.Headers,
        };
    }

    /// <summary>As signalled.</summary>
    public string CallerName { get; init; } = "";

    /// <summary>As signalled.</summary>
    public string DivertedFrom { get; init; } = "";

    public string Trunk { get; init; } = "";

    /// <summary>Of the INVITE, by name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public string Fill(string text) => new AgentText(text).Fill(Value);

    /// <summary>Null or empty: there is no value.</summary>
    private string? Value(string name) => name switch
    {
        "caller" => AgentValue.Number(Caller),
        "called" => AgentValue.Number(Called),
        "callerName" => AgentValue.Words(CallerName, LongestField),
        "divertedFrom" => AgentValue.Number(DivertedFrom),
        "trunk" => AgentValue.Words(Trunk, LongestField),
        "agent" => AgentValue.Words(Agent, LongestField),
        "time" => Now.ToString("HH:mm", CultureInfo.InvariantCulture),
        "date" => Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "weekday" => Now.DayOfWeek.ToString(),
        "customer" => Customer is { } customer ? AgentValue.Words(Describe(customer), LongestCustomer) : null,
        _ when name.StartsWith(HeaderPrefix, StringComparison.Ordinal) => Header(name[HeaderPrefix.Length..]),
        _ => Customer is { } customer ? Field(customer, name.Split('.')[1..]) : null,
    };

    // "name: Miller; bookings: 3": without the quotes and braces of JSON.
    private static string Describe(JsonElement customer) => customer.ValueKind == JsonValueKind.Object
        ? string.Join("; ", customer.EnumerateObject().Where(static p => Scalar(p.Value) is { Length: > 0 }).Select(static p => $"{p.Name}: {AgentValue.Words(Scalar(p.Value)!, LongestField)}"))
        : Scalar(customer) ?? "";

    private static string? Field(JsonElement customer, string[] path)
    {
        foreach (var name in path)
        {
            if (customer.ValueKind != JsonValueKind.Object) return null;
            // Plugins write snake_case.
            var found = customer.EnumerateObject().Where(p => Plain(p.Name).Equals(Plain(name), StringComparison.OrdinalIgnoreCase)).Select(static p => (JsonElement?)p.Value).FirstOrDefault();
            if (found is null) return null;
            customer = found.Value;
        }
        return Scalar(customer) is { } value ? AgentValue.Words(value, LongestField) : null;
    }

    // In a variable's name an underscore stands for the hyphen of the header's.
    private string? Header(string name) =>
        Headers.FirstOrDefault(h => h.Key.Replace('-', '_').Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { } value ? AgentValue.Words(value, LongestField) : null;

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => null,
    };

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);
}
