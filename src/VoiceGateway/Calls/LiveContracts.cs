using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using VoiceGateway.GeminiLive;

namespace VoiceGateway.Calls;

/// <summary>
/// What the models take, as the gateway knows it and as <c>Live:Contracts:MODEL:PROPERTY</c> corrects it, for families come and go:
/// the properties are those of <see cref="LiveModelContract"/>, and <c>Like</c> names a known model whose row is the beginning.
/// </summary>
public sealed class LiveContracts
{
    private const string Like = "Like";

    private static readonly Dictionary<string, PropertyInfo> Properties = typeof(LiveModelContract).GetProperties()
        .Where(static p => p.CanWrite).ToDictionary(static p => p.Name, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, LiveModelContract> _corrected = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="corrections">By model name; without <see cref="Problems"/>.</param>
    public LiveContracts(IReadOnlyDictionary<string, Dictionary<string, string>> corrections)
    {
        foreach (var (model, changes) in corrections)
        {
            if (changes is null) continue;
            var row = LiveModelContract.For(changes.FirstOrDefault(IsLike).Value ?? model) with { Family = model };
            foreach (var (key, value) in changes)
                if (Properties.TryGetValue(key, out var property)) property.SetValue(row, Read(property, value));
            _corrected[Plain(model)] = row;
        }
    }

    public static LiveContracts AsKnown { get; } = new(new Dictionary<string, Dictionary<string, string>>());

    /// <returns>Null when nothing is corrected: the client knows the row itself.</returns>
    public LiveModelContract? Corrected(string model) => _corrected.GetValueOrDefault(Plain(model));

    public LiveModelContract For(string model) => Corrected(model) ?? LiveModelContract.For(model);

    internal static IEnumerable<(string Key, string Problem)> Problems(IReadOnlyDictionary<string, string> changes)
    {
        foreach (var change in changes)
        {
            if (IsLike(change)) continue;
            if (!Properties.TryGetValue(change.Key, out var property)) yield return (change.Key, $"unknown key; known are {Like}, {string.Join(", ", Properties.Keys)}");
            else if (Read(property, change.Value) is null) yield return (change.Key, $"'{change.Value}' is not {Expected(property.PropertyType)}");
        }
    }

    private static object? Read(PropertyInfo property, string value)
    {
        var type = property.PropertyType;
        try
        {
            // A number is no name of an enum's value, though it converts.
            if (type.IsEnum && !Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase)) return null;
            return TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, value);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Expected(Type type) => type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "a whole number"
        : type == typeof(TimeSpan) ? "a time span (hh:mm:ss)"
        : "text";

    private static bool IsLike(KeyValuePair<string, string> change) => change.Key.Equals(Like, StringComparison.OrdinalIgnoreCase);

    private static string Plain(string model) => model[(model.LastIndexOf('/') + 1)..];
}
