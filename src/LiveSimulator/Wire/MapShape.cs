using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>A map from any name to values of one shape.</summary>
internal sealed class MapShape(MessageShape item) : MessageShape
{
    public override string? FaultOf(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return Wrong(path, "TYPE_MESSAGE", value);
        foreach (var member in value.EnumerateObject())
        {
            if (item.FaultOf(member.Value, $"{path}.{member.Name}") is { } fault)
                return fault;
        }

        return null;
    }
}
