using System.ComponentModel;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace VoiceGateway.Abstractions;

/// <summary>Makes tools of C# methods.</summary>
public static class Tool
{
    /// <summary>How arguments and results of tools are written as JSON: snake_case, enums as words, nothing for null.</summary>
    public static JsonSerializerOptions SerializerOptions { get; } = CreateSerializerOptions();

    /// <summary>
    /// A tool out of a method with a <see cref="DescriptionAttribute"/> on itself and on its parameters: these texts are all
    /// the model knows. Names are turned into snake_case (<c>CreateBookingAsync(int partySize)</c>: <c>create_booking</c>,
    /// <c>party_size</c>). Parameters of type <see cref="CallContext"/> and <see cref="CancellationToken"/> are filled by the
    /// gateway; those with a default value are optional.
    /// </summary>
    /// <exception cref="ArgumentException">No name can be made of the method, or it has no description.</exception>
    public static AIFunction Create(Delegate method, string? name = null, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        name ??= NameOf(method.Method);
        description ??= method.Method.GetCustomAttribute<DescriptionAttribute>()?.Description;
        if (string.IsNullOrWhiteSpace(description))
            throw new ArgumentException($"The tool '{name}' needs a [Description]: the model chooses tools by it.", nameof(method));
        var function = AIFunctionFactory.Create(method, new AIFunctionFactoryOptions
        {
            Name = name,
            Description = description,
            SerializerOptions = SerializerOptions,
            ExcludeResultSchema = true,
            ConfigureParameterBinding = Bind,
        });
        return new SnakeCaseFunction(function, method.Method);
    }

    private static AIFunctionFactoryOptions.ParameterBindingOptions Bind(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(CallContext)
            ? new() { ExcludeFromSchema = true, BindParameter = (_, arguments) => CallContext.From(arguments) }
            : default;

    private static string NameOf(MethodInfo method)
    {
        // Lambdas and local functions carry compiler-made names.
        if (method.Name.Contains('<'))
            throw new ArgumentException("A lambda or local function has no name of its own: give the tool one.", nameof(method));
        var name = method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name.Length > 5 ? method.Name[..^5] : method.Name;
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }

    private static JsonSerializerOptions CreateSerializerOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            PropertyNameCaseInsensitive = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            // The results are read by a model, not embedded in HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }
}
