using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.Tests.Abstractions;

public class ToolTests
{
    private enum Size
    {
        Small,
        ExtraLarge,
    }

    [Fact]
    public void Create_MethodWithContext_ShowsTheModelOnlyItsOwnArguments()
    {
        var tool = Tool.Create(OrderPizzaAsync);
        Assert.Equal("order_pizza", tool.Name);
        Assert.Equal("Orders a pizza.", tool.Description);
        Assert.Equal(["pizza_size", "extra_toppings"], tool.JsonSchema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
        Assert.Equal(["small", "extra_large"], tool.JsonSchema.GetProperty("properties").GetProperty("pizza_size").GetProperty("enum").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(["pizza_size"], tool.JsonSchema.GetProperty("required").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public async Task Create_Invoked_BindsSnakeCaseArgumentsAndTheCall()
    {
        var arguments = new AIFunctionArguments
        {
            ["pizza_size"] = JsonElement.Parse("\"extra_large\""),
            ["extra_toppings"] = JsonElement.Parse("""[{"topping_name":"olives"}]"""),
        };
        new CallContext { CallId = "c", CallerNumber = "1", CalledNumber = "2", AgentName = "a", StartedAt = default, Control = null! }
            .ForToolCall("t").AttachTo(arguments);
        var result = Assert.IsType<JsonElement>(await Tool.Create(OrderPizzaAsync).InvokeAsync(arguments));
        Assert.Equal("""{"size":"extra_large","toppings":"olives","key":"c/t"}""", result.GetRawText());
    }

    [Fact]
    public async Task Create_InvokedWithoutACall_SaysSo()
    {
        var arguments = new AIFunctionArguments { ["pizza_size"] = "small" };
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await Tool.Create(OrderPizzaAsync).InvokeAsync(arguments));
        Assert.Contains("without a telephone call", error.Message);
    }

    [Fact]
    public void Create_WithoutDescriptionOrName_SaysWhatIsMissing()
    {
        Assert.Contains("needs a [Description]", Assert.Throws<ArgumentException>(() => Tool.Create(Undescribed)).Message);
        Assert.Contains("give the tool one", Assert.Throws<ArgumentException>(() => Tool.Create(() => 1)).Message);
        Assert.Equal("one", Tool.Create(() => 1, "one", "One.").Name);
    }

    [Description("Orders a pizza.")]
    private static async Task<object> OrderPizzaAsync(CallContext call, Size pizzaSize, Topping[]? extraToppings = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return new { Size = pizzaSize, Toppings = string.Join(",", extraToppings?.Select(t => t.ToppingName) ?? []), Key = $"{call.CallId}/{call.ToolCallId}", Missing = (string?)null };
    }

    private static int Undescribed() => 1;

    private sealed record Topping(string ToppingName);
}
