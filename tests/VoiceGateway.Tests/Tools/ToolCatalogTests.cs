using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Tools;

public class ToolCatalogTests
{
    private static readonly string[] Everything = ["check", "create", "hang_up"];

    [Theory]
    [InlineData("*", "check,create,hang_up")]
    [InlineData("bookings/*", "check,create")]
    [InlineData("Bookings/create", "create")]
    [InlineData("hang_up check", "check,hang_up")]
    [InlineData("* check", "check,create,hang_up")]
    public void Select_Patterns_ChooseTools(string patterns, string expected) =>
        Assert.Equal(expected, string.Join(",", Catalog().Select(patterns.Split(' '), "Agents:default:Tools").Select(t => t.Name)));

    [Fact]
    public void Select_NamesNothing_IsAnErrorWithTheKeyAndTheTools()
    {
        var error = Assert.Throws<ConfigurationException>(() => Catalog().Select(["bookigns/*"], "agents/default.json:tools"));
        Assert.Equal("agents/default.json:tools: 'bookigns/*' names no tool; there are: bookings/check, bookings/create, callcentre/hang_up", error.Message);
    }

    [Fact]
    public void Add_TheSameToolName_NamesBothPlugins()
    {
        var error = Assert.Throws<ConfigurationException>(() => Catalog().Add("acme", [Named("create")]));
        Assert.Equal("Plugins:acme: the tool 'create' also comes with the plugin 'bookings'; rename one of them, or leave one plugin out", error.Message);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("1st")]
    [InlineData("größe")]
    public void Add_NameThatTheServiceRefuses_IsAnError(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<ConfigurationException>(() => Catalog().Add("acme", [Named(name)])).Message);

    [Fact]
    public void ParametersSchema_OfACSharpMethod_HasOnlyWhatTheServiceAccepts()
    {
        var catalog = new ToolCatalog();
        catalog.Add("test", [Tool.Create(Order), Tool.Create(() => 1, "none", "None.")]);
        Assert.Equal(
            """
            {"type":"object","properties":{"party_size":{"description":"Guests","type":"integer"},"phone":{"description":"Number","type":"string"},"size":{"type":"string","enum":["small","large"],"description":"Default: large."},"limit":{"description":"At most. Default: 5.","type":"integer"}},"required":["party_size"]}
            """,
            catalog.Tools[0].ParametersSchema.GetRawText());
        Assert.Equal("""{"type":"object","properties":{}}""", catalog.Tools[1].ParametersSchema.GetRawText());
    }

    [Fact]
    public void ParametersSchema_OfAForeignTool_IsReduced()
    {
        var schema = JsonElement.Parse(
            """
            {"$schema":"x","title":"T","type":"object","additionalProperties":false,
             "definitions":{"a":{"type":"string","pattern":"x","format":"uri","minLength":2}},
             "properties":{"p":{"$ref":"#/definitions/a"},"k":{"const":"v"},"u":{"oneOf":[{"type":"null"},{"type":"string","format":"date"}]},"any":true,
               "e":{"type":["string","null"],"enum":["x",null]}}}
            """);
        var catalog = new ToolCatalog();
        catalog.Add("mcp", [new Declared(schema)]);
        Assert.Equal(
            """
            {"type":"object","additionalProperties":false,"$defs":{"a":{"type":"string"}},"properties":{"p":{"$ref":"#/$defs/a"},"k":{"enum":["v"]},"u":{"anyOf":[{"type":"null"},{"type":"string","format":"date"}]},"any":{},"e":{"type":"string","enum":["x"]}}}
            """,
            catalog.Tools[0].ParametersSchema.GetRawText());
    }

    private static ToolCatalog Catalog()
    {
        var catalog = new ToolCatalog();
        catalog.Add("bookings", Everything[..2].Select(Named));
        catalog.Add("callcentre", [Named("hang_up")]);
        return catalog;
    }

    private static AIFunction Named(string name) => Tool.Create(() => 1, name, "A tool.");

    [Description("Orders.")]
    private static int Order(
        CallContext call, [Description("Guests")] int partySize, [Description("Number")] string? phone = null, Size size = Size.Large, [Description("At most.")] int? limit = 5) =>
        partySize + (limit ?? 0) + (int)size + (phone?.Length ?? 0) + call.CallId.Length;

    private enum Size
    {
        Small,
        Large,
    }

    private sealed class Declared(JsonElement schema) : AIFunction
    {
        public override string Name => "declared";

        public override string Description => "Declared.";

        public override JsonElement JsonSchema => schema;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new((object?)null);
    }
}
