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
        // What stands under Live may hold a secret.
        throw new ConfigurationException(key, value is null || section == LiveOptions.Section ? failures[0].ErrorMessage! : $"'{value}' is not valid: {failures[0].ErrorMessage}");
    }

    private static ConfigurationException Complaint(IConfiguration configuration, string section, Type options, InvalidOperationException e)
    {
        // What stands under Live may hold a secret.
        var shown = !section.StartsWith(LiveOptions.Section, StringComparison.Ordinal);
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
                return new($"{section}:{child.Key}", $"{(shown ? $"'{child.Value}' is no" : "must be a")} {Kind(property.PropertyType)}", e);
            }
            if (IsSection(property.PropertyType) && Stray(configuration, child.Path, property.PropertyType, e) is { } stray) return stray;
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

    private static bool IsSection(Type type) => type.IsClass && type.Namespace?.StartsWith(nameof(VoiceGateway), StringComparison.Ordinal) == true;

    private static string Kind(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(int) || type == typeof(long) ? "whole number"
        : type == typeof(double) || type == typeof(decimal?) ? "number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "time span (hh:mm:ss)"
        : type.Name;
}
