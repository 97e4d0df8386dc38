using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Tests.Tools;

/// <summary>What models send, and what reaches the tool or goes back to the model.</summary>
public class ArgumentTests
{
    private enum Size
    {
        Small,
        ExtraLarge,
    }

    [Theory]
    [InlineData("""{"party_size":4}""", """{"party_size":4,"size":"small","vip":false,"price":0}""")]
    [InlineData("""{"party_size":"4"}""", """{"party_size":4,"size":"small","vip":false,"price":0}""")]
    [InlineData("""{"party_size":4.0}""", """{"party_size":4,"size":"small","vip":false,"price":0}""")]
    [InlineData("""{"party_size":"4.0"}""", """{"party_size":4,"size":"small","vip":false,"price":0}""")]
    [InlineData("""{"partySize":4}""", """{"party_size":4,"size":"small","vip":false,"price":0}""")]
    [InlineData("""{"party_size":4,"size":"EXTRA-LARGE"}""", """{"party_size":4,"size":"extra_large","vip":false,"price":0}""")]
    [InlineData("""{"party_size":4,"vip":"True"}""", """{"party_size":4,"size":"small","vip":true,"price":0}""")]
    [InlineData("""{"party_size":4,"price":"2.5"}""", """{"party_size":4,"size":"small","vip":false,"price":2.5}""")]
    [InlineData("""{"party_size":4,"note":42}""", """{"party_size":4,"note":"42","size":"small","vip":false,"price":0}""")]
    [InlineData("""{"party_size":4,"note":null,"vip":null}""", """{"party_size":4,"size":"small","vip":false,"price":0}""")]
    [InlineData("""{"party_size":4,"tags":"window"}""", """{"party_size":4,"size":"small","vip":false,"price":0,"tags":["window"]}""")]
    [InlineData("""{"party_size":4,"tags":"[\"a\",\"b\"]"}""", """{"party_size":4,"size":"small","vip":false,"price":0,"tags":["a","b"]}""")]
    [InlineData("""{"party_size":4,"dishes":[{"dish_name":"soup","count":"2"}]}""", """{"party_size":4,"size":"small","vip":false,"price":0,"dishes":[{"dish_name":"soup","count":2}]}""")]
    [InlineData("""{"party_size":4,"party_size":5}""", """{"party_size":5,"size":"small","vip":false,"price":0}""")]
    public async Task Arguments_MeantWell_ReachTheTool(string arguments, string expected)
    {
        var answer = JsonElement.Parse(await new DispatcherBench(null, Tool.Create(Order)).AnswerAsync("order", arguments));
        Assert.Equal(expected, answer.GetProperty("output").GetRawText());
    }

    [Theory]
    [InlineData("""{"party_size":"four"}""", "party_size must be a whole number; you sent 'four'")]
    [InlineData("""{"party_size":4.5}""", "party_size must be a whole number; you sent 4.5")]
    [InlineData("""{"party_size":1e300}""", "party_size must be a whole number; you sent 1e300")]
    [InlineData("""{"party_size":null}""", "party_size is missing")]
    [InlineData("{}", "party_size is missing")]
    [InlineData("null", "party_size is missing")]
    [InlineData("""{"party_size":[4]}""", "party_size must be a whole number; you sent a list")]
    [InlineData("""{"party_size":4,"size":"huge"}""", "size must be 'small' or 'extra_large'; you sent 'huge'")]
    [InlineData("""{"party_size":4,"vip":"perhaps"}""", "vip must be true or false; you sent 'perhaps'")]
    [InlineData("""{"party_size":4,"colour":"red"}""", "there is no argument colour; the arguments are party_size, note, size, vip, price, tags, dishes")]
    [InlineData("""{"party_size":4,"dishes":[{"dish_name":"soup","count":"two"},{"count":1}]}""", "dishes[0].count must be a whole number; you sent 'two'; dishes[1].dish_name is missing")]
    [InlineData("""{"party_size":"x","price":"y"}""", "party_size must be a whole number; you sent 'x'; price must be a number; you sent 'y'")]
    [InlineData("""[4]""", "the arguments must be a JSON object; you sent a list")]
    public async Task Arguments_Wrong_GoBackInWords(string arguments, string words)
    {
        var answer = JsonElement.Parse(await new DispatcherBench(null, Tool.Create(Order)).AnswerAsync("order", arguments));
        Assert.Equal(words, answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Arguments_ForAToolWithoutAny_AreRefused()
    {
        var bench = new DispatcherBench(null, Tool.Create(() => 1, "one", "One."));
        Assert.Contains("there is no argument x; the tool takes none", await bench.AnswerAsync("one", """{"x":1}"""));
    }

    [Theory]
    [InlineData("""{"n":0}""", "n must be at least 1; you sent 0")]
    [InlineData("""{"n":11}""", "n must be at most 10; you sent 11")]
    [InlineData("""{"code":"abc"}""", "code must match the pattern ^[0-9]+$; you sent 'abc'")]
    [InlineData("""{"code":"123456"}""", "code must be at most 5 characters; you sent 6")]
    [InlineData("""{"list":[]}""", "list must be at least 1 entries; you sent 0")]
    [InlineData("""{"either":true}""", "either must be a whole number; you sent true")]
    [InlineData("""{"kind":"other"}""", "kind must be 'fixed'; you sent 'other'")]
    [InlineData("""{"tree":{"children":[{"children":[{"value":"x"}]}]}}""", "tree.children[0].children[0].value must be a whole number; you sent 'x'")]
    [InlineData("""{"map":{"a":"x"}}""", "map.a must be a whole number; you sent 'x'")]
    public async Task Arguments_AgainstAForeignSchema_AreCheckedTheSame(string arguments, string words)
    {
        var answer = JsonElement.Parse(await new DispatcherBench(null, new ForeignFunction()).AnswerAsync("foreign", arguments));
        Assert.Equal(words, answer.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("""{"n":"5","either":[1],"map":{"a":"7"},"tree":{"children":[{}]},"kind":"FIXED","anything":{"x":[1]}}""", """{"n":5,"either":[1],"map":{"a":7},"tree":{"children":[{}]},"kind":"fixed","anything":{"x":[1]}}""")]
    public async Task Arguments_FittingAForeignSchema_ReachTheTool(string arguments, string expected)
    {
        var answer = JsonElement.Parse(await new DispatcherBench(null, new ForeignFunction()).AnswerAsync("foreign", arguments));
        Assert.Equal(expected, answer.GetProperty("output").GetRawText());
    }

    [Fact]
    public async Task Arguments_NestedWithoutEnd_AreRefusedNotOverflown()
    {
        var depth = 60;
        var nested = string.Concat(Enumerable.Repeat("{\"children\":[", depth / 2)) + "{}" + string.Concat(Enumerable.Repeat("]}", depth / 2));
        var answer = await new DispatcherBench(null, new ForeignFunction()).AnswerAsync("foreign", $$"""{"tree":{{nested}}}""");
        Assert.Contains("nested too deeply", answer);
    }

    [Description("Orders.")]
    private static object Order(
        int partySize, string? note = null, Size size = Size.Small, bool vip = false, double price = 0, string[]? tags = null, Dish[]? dishes = null) =>
        new { partySize, note, size, vip, price, tags, dishes };

    private sealed record Dish(string DishName, int Count);

    // As an MCP server would bring it.
    private sealed class ForeignFunction : AIFunction
    {
        public override string Name => "foreign";

        public override string Description => "Foreign.";

        public override JsonElement JsonSchema { get; } = JsonElement.Parse(
            """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Foreign", "type": "object",
              "$defs": { "node": { "type": "object", "properties": { "value": { "type": "integer" }, "children": { "type": "array", "items": { "$ref": "#/$defs/node" } } } } },
              "properties": {
                "n": { "type": "integer", "minimum": 1, "maximum": 10 },
                "code": { "type": "string", "pattern": "^[0-9]+$", "maxLength": 5 },
                "list": { "type": "array", "minItems": 1 },
                "either": { "anyOf": [ { "type": "integer" }, { "type": "array", "items": { "type": "integer" } } ] },
                "kind": { "const": "fixed" },
                "tree": { "$ref": "#/$defs/node" },
                "map": { "type": "object", "additionalProperties": { "type": "integer" } },
                "anything": true
              },
              "additionalProperties": false
            }
            """);

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            new(arguments.ToDictionary(a => a.Key, a => a.Value));
    }
}
