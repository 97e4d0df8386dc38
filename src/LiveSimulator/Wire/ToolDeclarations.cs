using System.Text.Json;
using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator;

/// <summary>Reads the functions that a <c>setup</c> or <c>contextUpdate</c> declares.</summary>
internal static partial class ToolDeclarations
{
    public static Rejection? Read(JsonElement message, ModelContract contract, out IReadOnlyDictionary<string, ToolBehavior> tools)
    {
        var declared = new Dictionary<string, ToolBehavior>(StringComparer.Ordinal);
        tools = declared;
        foreach (var function in message.List("tools").SelectMany(static tool => tool.List("functionDeclarations")))
        {
            var name = function.Text("name");
            if (name is null || !ValidName().IsMatch(name))
                return Rejection.Invalid($"Invalid function name \"{name}\": must start with a letter or underscore and hold only letters, digits, underscores, dots or dashes, at most 64.");
            var behavior = function.Text("behavior") switch
            {
                "BLOCKING" => ToolBehavior.Blocking,
                "NON_BLOCKING" => ToolBehavior.NonBlocking,
                _ => contract.NonBlockingByDefault ? ToolBehavior.NonBlocking : ToolBehavior.Blocking,
            };
            if (behavior == ToolBehavior.Blocking ? !contract.BlockingTools : !contract.NonBlockingTools)
                return Rejection.Invalid($"Function \"{name}\": behavior {function.Text("behavior")} is not supported by {contract.Family}.");
            if (function.TryGet("parameters", out _) && function.TryGet("parametersJsonSchema", out _))
                return Rejection.Invalid($"Function \"{name}\": parameters and parameters_json_schema are mutually exclusive.");
            if (!declared.TryAdd(name, behavior))
                return Rejection.Invalid($"Duplicate function declaration found: {name}");
        }

        return null;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.\-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex ValidName();
}
