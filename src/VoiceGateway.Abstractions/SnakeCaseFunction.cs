using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace VoiceGateway.Abstractions;

/// <summary>Shows the model <c>party_size</c> where the C# method says <c>partySize</c>.</summary>
internal sealed class SnakeCaseFunction : DelegatingAIFunction
{
    private readonly Dictionary<string, string> _parameterBySnakeName = new(StringComparer.Ordinal);

    public SnakeCaseFunction(AIFunction inner, MethodInfo method)
        : base(inner)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.Name is not null)
                _parameterBySnakeName[SnakeCase(parameter.Name)] = parameter.Name;
        }

        JsonSchema = Rename(inner.JsonSchema);
    }

    public override JsonElement JsonSchema { get; }

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var renamed = new AIFunctionArguments { Services = arguments.Services, Context = arguments.Context };
        foreach (var (name, value) in arguments)
            renamed[_parameterBySnakeName.GetValueOrDefault(name, name)] = value;
        return base.InvokeCoreAsync(renamed, cancellationToken);
    }

    private static JsonElement Rename(JsonElement schema)
    {
        var root = JsonObject.Create(schema)!;
        if (root["properties"] is JsonObject properties)
        {
            root["properties"] = new JsonObject(
                properties.Select(p => KeyValuePair.Create(SnakeCase(p.Key), p.Value?.DeepClone())));
        }

        if (root["required"] is JsonArray required)
            root["required"] = new JsonArray([.. required.Select(r => JsonValue.Create(SnakeCase(r!.GetValue<string>())))]);
        return JsonSerializer.SerializeToElement(root);
    }

    private static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
