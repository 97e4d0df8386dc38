using static VoiceGateway.LiveSimulator.MessageShape;

namespace VoiceGateway.LiveSimulator;

/// <summary>Contents, tools and their schemas: the messages that several client messages share.</summary>
internal static class ContentShapes
{
    public static MessageShape Blob { get; } = new RecordShape(("mimeType", Text), ("data", Text), ("displayName", Text));

    public static MessageShape Content { get; } = new RecordShape(
        ("role", Text),
        ("parts", ListOf(new RecordShape(
            ("text", Text), ("thought", Flag), ("thoughtSignature", Text), ("inlineData", Blob),
            ("fileData", new RecordShape(("fileUri", Text), ("mimeType", Text), ("displayName", Text))),
            ("functionCall", new RecordShape(("id", Text), ("name", Text), ("args", Struct))),
            ("functionResponse", new RecordShape(("id", Text), ("name", Text), ("response", Struct))),
            ("executableCode", new RecordShape(("language", Text), ("code", Text))),
            ("codeExecutionResult", new RecordShape(("outcome", Text), ("output", Text))),
            ("videoMetadata", Struct), ("mediaResolution", Struct)))));

    public static MessageShape Tools { get; } = ListOf(new RecordShape(
        ("functionDeclarations", ListOf(new RecordShape(
            ("name", Text), ("description", Text), ("parameters", SchemaShape()), ("parametersJsonSchema", Anything),
            ("response", SchemaShape()), ("responseJsonSchema", Anything),
            ("behavior", OneOf("UNSPECIFIED", "BLOCKING", "NON_BLOCKING"))))),
        ("googleSearch", Struct), ("googleSearchRetrieval", Struct), ("codeExecution", Struct), ("urlContext", Struct),
        ("googleMaps", Struct), ("fileSearch", Struct), ("computerUse", Struct), ("mcpServers", Anything),
        ("retrieval", Struct), ("enterpriseWebSearch", Struct)));

    // The service's own schema type is a subset of OpenAPI: a JSON Schema keyword such as additionalProperties or $schema is an unknown field there.
    private static RecordShape SchemaShape()
    {
        var schema = new RecordShape(
            ("type", OneOfAnyCase("TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL")),
            ("format", Text), ("title", Text), ("description", Text), ("nullable", Flag), ("enum", ListOf(Text)),
            ("maxItems", Integer), ("minItems", Integer), ("minProperties", Integer), ("maxProperties", Integer),
            ("minLength", Integer), ("maxLength", Integer), ("pattern", Text), ("minimum", Number), ("maximum", Number),
            ("required", ListOf(Text)), ("propertyOrdering", ListOf(Text)), ("default", Anything), ("example", Anything));
        return schema.Add("items", schema).Add("anyOf", ListOf(schema)).Add("properties", new MapShape(schema));
    }
}
