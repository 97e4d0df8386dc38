using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class OpenApiSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object"}""", """{"type":"OBJECT"}""")]
    [InlineData("""{"type":["integer","null"],"minimum":1}""", """{"type":"INTEGER","nullable":true,"minimum":1}""")]
    [InlineData("""{"type":["integer","string"]}""", """{}""")]
    [InlineData("""{"enum":["a","b"],"type":"string"}""", """{"type":"STRING","enum":["a","b"]}""")]
    [InlineData("""{"enum":[1,2],"type":"integer"}""", """{"type":"INTEGER"}""")]
    [InlineData("""{"const":"x"}""", """{"enum":["x"]}""")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"number"}]}""", """{"anyOf":[{"type":"STRING"},{"type":"NUMBER"}]}""")]
    [InlineData("""{"$schema":"x","$id":"y","additionalProperties":false,"title":"t","type":"object"}""", """{"type":"OBJECT","title":"t"}""")]
    [InlineData("""{"type":"array","items":{"type":"string","format":"date"},"maxItems":3}""", """{"type":"ARRAY","maxItems":3,"items":{"type":"STRING","format":"date"}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/d"}},"required":["a"],"$defs":{"d":{"type":"boolean"}}}""", """{"required":["a"],"properties":{"a":{"type":"BOOLEAN"}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/x~1y"}},"$defs":{"x/y":{"type":"null"}}}""", """{"properties":{"a":{"nullable":true}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/d"},"b":{"$ref":"#/$defs/d"}},"$defs":{"d":{"type":"string"}}}""", """{"properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}}}""")]
    [InlineData("""{"$ref":"#/nowhere"}""", "{}")]
    [InlineData("""{"$ref":"http://elsewhere"}""", "{}")]
    [InlineData("""{"properties":{"any":true}}""", """{"properties":{"any":{}}}""")]
    public void Schema_IsWrittenAsTheApiKnowsIt(string schema, string expected)
    {
        string json = Write(schema);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(json)), json);
    }

    [Theory]
    [InlineData("""{"properties":{"child":{"$ref":"#"}}}""")]
    [InlineData("""{"$defs":{"n":{"properties":{"l":{"$ref":"#/$defs/n"},"r":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"}""")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}""")]
    public void Schema_ReferringToItself_Ends(string schema) => Assert.InRange(Write(schema).Length, 2, 1000);

    private static string Write(string schema)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) OpenApiSchema.Write(json, JsonElement.Parse(schema));
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
