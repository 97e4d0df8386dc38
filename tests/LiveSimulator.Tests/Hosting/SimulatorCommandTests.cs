namespace VoiceGateway.LiveSimulator.Tests.Hosting;

public sealed class SimulatorCommandTests
{
    [Theory]
    [InlineData("--port", "x")]
    [InlineData("--port=70000")]
    [InlineData("--port")]
    [InlineData("--bogus")]
    [InlineData("--scenario", "nowhere.json")]
    [InlineData("--scenario=")]
    [InlineData("--host", "not-an-address")]
    [InlineData("--faults", "explode")]
    [InlineData("--faults", "[{\"kind\":\"drop\",\"at\":\"noon\"}]")]
    [InlineData("--capture", "/nowhere/at/all")]
    public async Task Run_WrongOptions_Exits2WithOneLine(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        Assert.Equal(2, await SimulatorCommand.RunAsync(args, output, errors));

        Assert.Equal("", output.ToString());
        Assert.Single(errors.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Run_PortTaken_Exits1()
    {
        await using var server = await LiveSimulatorServer.StartAsync();
        using var errors = new StringWriter();

        Assert.Equal(1, await SimulatorCommand.RunAsync(["--port", $"{server.Endpoint.Port}"], TextWriter.Null, errors));

        Assert.Single(errors.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Run_List_NamesTheScenarios()
    {
        using var output = new StringWriter();

        Assert.Equal(0, await SimulatorCommand.RunAsync(["--list"], output, TextWriter.Null));

        Assert.Contains("book-a-table", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ListFaults_NamesEveryOne()
    {
        using var output = new StringWriter();

        Assert.Equal(0, await SimulatorCommand.RunAsync(["--list-faults"], output, TextWriter.Null));

        Assert.Equal(Fault.Kinds.Count, output.ToString().TrimEnd().Split('\n').Length);
    }
}
