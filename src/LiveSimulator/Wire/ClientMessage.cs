using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

internal enum ClientMessageKind
{
    Setup,
    ClientContent,
    RealtimeInput,
    ToolResponse,
    ContextUpdate,
}

/// <summary>One client message on the thorough path: which one, and what is in it.</summary>
internal readonly record struct ClientMessage(ClientMessageKind Kind, JsonElement Body)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 100 };

    /// <summary>Reads the envelope and, for every message but <c>setup</c>, checks the fields too; <c>setup</c> needs the session's context for that.</summary>
    public static Rejection? TryRead(ReadOnlyMemory<byte> utf8, out ClientMessage message)
    {
        message = default;
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            root = document.RootElement.Clone();
        }
        catch (JsonException fault)
        {
            return Rejection.Invalid($"Invalid JSON payload received. {fault.Message}");
        }

        if (root.ValueKind != JsonValueKind.Object)
            return Rejection.Invalid("Invalid JSON payload received. Expected an object.");
        var members = root.EnumerateObject().Where(static m => m.Value.ValueKind != JsonValueKind.Null).ToList();
        foreach (var member in members)
        {
            if (KindOf(member.Name) is null)
                return Rejection.Invalid($"Invalid JSON payload received. Unknown name \"{member.Name}\": Cannot find field.");
        }

        if (members.Count == 0)
            return Rejection.Invalid("Request contains an invalid argument: the message is empty.");
        if (members.Count > 1)
            return Rejection.Invalid($"Invalid value (oneof), oneof field 'message_type' is already set. Cannot set '{members[1].Name}'");
        message = new(KindOf(members[0].Name)!.Value, members[0].Value);
        return ShapeOf(message.Kind)?.FaultOf(message.Body, ProtoJson.SnakeCase(members[0].Name)) is { } wrong ? Rejection.Invalid(wrong) : null;
    }

    private static ClientMessageKind? KindOf(string name) => name switch
    {
        "setup" => ClientMessageKind.Setup,
        "clientContent" or "client_content" => ClientMessageKind.ClientContent,
        "realtimeInput" or "realtime_input" => ClientMessageKind.RealtimeInput,
        "toolResponse" or "tool_response" => ClientMessageKind.ToolResponse,
        "contextUpdate" or "context_update" => ClientMessageKind.ContextUpdate,
        _ => null,
    };

    private static RecordShape? ShapeOf(ClientMessageKind kind) => kind switch
    {
        ClientMessageKind.ClientContent => ClientShapes.ClientContent,
        ClientMessageKind.RealtimeInput => ClientShapes.RealtimeInput,
        ClientMessageKind.ToolResponse => ClientShapes.ToolResponse,
        ClientMessageKind.ContextUpdate => ClientShapes.ContextUpdate,
        _ => null,
    };
}
