using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.Routing;
using VoiceGateway.Tests.Tools;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Calls;

/// <summary>Whatever the look-up does, the call goes on.</summary>
public sealed class CustomerLookupTests
{
    private static readonly AgentProfile Agent = new() { Greeting = "Greet {{customer.name}}", Customer = new() { Tool = "find", Argument = "phone" } };

    [Fact]
    public async Task Find_Known_IsWhatTheToolSays()
    {
        var customer = await FindAsync(static (string phone) => new { Found = true, Name = "Miller", Phone = phone });
        Assert.Equal("Miller of +491701234567", $"{customer!.Value.GetProperty("name")} of {customer.Value.GetProperty("phone")}");
    }

    [Fact]
    public async Task Find_NotFound_IsNobody()
    {
        Assert.Null(await FindAsync(static (string phone) => new { Found = false, Phone = phone }));
        Assert.Null(await FindAsync(static (string phone) => (object?)null));
    }

    [Fact]
    public async Task Find_ToolFails_IsNobody()
    {
        Assert.Null(await FindAsync(static object (string phone) => throw new ToolException("nobody")));
        Assert.Null(await FindAsync(static object (string phone) => throw new InvalidOperationException($"no table for {phone}")));
    }

    [Fact]
    public async Task Find_ToolBlocksAndIgnoresItsToken_IsGivenUpAfterASecond()
    {
        var time = new ManualTimers();
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var finding = FindAsync(
            (string phone) =>
            {
                entered.Set();
                release.Wait();
                return "late";
            },
            time: time);
        Assert.True(entered.Wait(TimeSpan.FromSeconds(10)));
        Assert.False(finding.IsCompleted);
        time.Advance(CustomerLookup.Patience);
        Assert.Null(await finding);
        release.Set();
    }

    [Theory]
    [InlineData("")]
    [InlineData("anonymous")]
    public async Task Find_NumberWithheld_AsksNobody(string number)
    {
        var asked = false;
        Assert.Null(await FindAsync((string phone) => asked = true, number: number));
        Assert.False(asked);
    }

    [Fact]
    public async Task Find_NoTextSpeaksOfTheCustomer_AsksNobody()
    {
        var asked = false;
        Assert.Null(await FindAsync((string phone) => asked = true, agent: Agent with { Greeting = "Greet the caller" }));
        Assert.False(asked);
    }

    [Fact]
    public async Task Find_NoArgumentNamed_LeavesTheNumberToTheCallsContext()
    {
        var customer = await FindAsync(static (string phone = "none") => phone, agent: Agent with { Customer = new() { Tool = "desk/find" } });
        Assert.Equal("none", customer!.Value.GetString());
    }

    [Fact]
    public async Task Find_CallEndsFirst_IsCancelled()
    {
        using var over = new CancellationTokenSource();
        var finding = FindAsync(async (string phone, CancellationToken cancelled) => await Task.Delay(Timeout.Infinite, cancelled), cancelled: over.Token);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding);
    }

    private static Task<JsonElement?> FindAsync(
        Delegate tool, string number = "+49 170 1234567", AgentProfile? agent = null, TimeProvider? time = null, CancellationToken cancelled = default)
    {
        var catalog = new ToolCatalog();
        catalog.Add("desk", [AIFunctionFactory.Create(tool, "find", "finds", Tool.SerializerOptions)]);
        var call = new CallContext { CallId = "c", CallerNumber = number, CalledNumber = "100", AgentName = "a", StartedAt = default, Control = null! };
        return CustomerLookup.FindAsync(agent ?? Agent, catalog, call, time ?? TimeProvider.System, NullLogger.Instance, cancelled);
    }
}
