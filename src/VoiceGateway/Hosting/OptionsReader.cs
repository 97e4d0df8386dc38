using System.ComponentModel.DataAnnotations;
using VoiceGateway.Abstractions;
using VoiceGateway.Calls;

namespace VoiceGateway.Hosting;

/// <summary>Binds a section to its options class and checks it: unknown keys, unreadable values, data annotations. Every complaint names the key.</summary>
internal static class OptionsReader
{
    public static T Read<T>(IConfiguration configuration, string section) where T : class, new()
    {
        T options;
        try
        {
            options = configuration.GetSection(section).Get<T>(static o => o.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException e)
        {
            throw Complaint(configuration, section, typeof(T), e);
        }

        var failures = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true)) return options;
        // The first is enough: one clear line, and the next start tells of the next.
        var key = failures[0].MemberNames.FirstOrDefault() is { } member ? $"{section}:{member}" : section;
        var value = configuration[key];
        throw new ConfigurationException(key, value is null || MayBeSecret(key) ? failures[0].ErrorMessage! : $"'{value}' is not valid: {failures[0].ErrorMessage}");
    }

    private static ConfigurationException Complaint(IConfiguration configuration, string section, Type options, InvalidOperationException e)
    {
        var known = options.GetProperties().Where(static p => p.CanWrite).ToDictionary(static p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var child in configuration.GetSection(section).GetChildren())
        {
            if (!known.TryGetValue(child.Key, out var property))
                return new($"{section}:{child.Key}", $"unknown key; known are {string.Join(", ", known.Keys)}", e);
            try
            {
                _ = child.Get(property.PropertyType);
            }
            catch (Exception inner) when (inner is InvalidOperationException or FormatException)
            {
                return new($"{section}:{child.Key}", $"{(MayBeSecret(child.Path) ? "must be a" : $"'{child.Value}' is no")} {Kind(property.PropertyType)}", e);
            }
            foreach (var (path, type) in Sections(child, property.PropertyType))
                if (Stray(configuration, path, type, e) is { } stray) return stray;
        }
        return new(section, e.Message, e);
    }

    // A section within a section: only a strict reading says that something in it is unknown, and not what.
    private static ConfigurationException? Stray(IConfiguration configuration, string section, Type options, InvalidOperationException e)
    {
        try
        {
            _ = configuration.GetSection(section).Get(options, static o => o.ErrorOnUnknownConfiguration = true);
            return null;
        }
        catch (InvalidOperationException)
        {
            return Complaint(configuration, section, options, e);
        }
    }

    // A section, or the named sections of a dictionary.
    private static IEnumerable<(string Path, Type Type)> Sections(IConfigurationSection child, Type type)
    {
        if (IsSection(type)) return [(child.Path, type)];
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) && type.GetGenericArguments()[1] is var value && IsSection(value)
            ? child.GetChildren().Select(named => (named.Path, value))
            : [];
    }

    // What stands under Live may hold a secret, and so may a password.
    private static bool MayBeSecret(string key) =>
        key.StartsWith(LiveOptions.Section, StringComparison.OrdinalIgnoreCase) || key.EndsWith("Password", StringComparison.OrdinalIgnoreCase);

    private static bool IsSection(Type type) => type.IsClass && type.Namespace?.StartsWith(nameof(VoiceGateway), StringComparison.Ordinal) == true;

    private static string Kind(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(int) || type == typeof(long) ? "whole number"
        : type == typeof(double) || type == typeof(decimal?) ? "number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "time span (hh:mm:ss)"
        : type.Name;
}
