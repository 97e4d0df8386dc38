using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VoiceGateway.Caller;
using VoiceGateway.Hosting;
using VoiceGateway.IntegrationTests.Interop;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Hosting;

/// <summary>The program as an operator starts it: what it prints and how it exits.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class ProgramTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voicegateway-program-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Sip:Listen", "--Sip:Listen:0=udp:127.0.0.1:notaport")]
    [InlineData("Media:PortRange", "--Media:PortRange=9-1")]
    [InlineData("Live:Endpoint", "--Live:Endpoint=nonsense")]
    [InlineData("Storage:Database", "--Storage:Database=oracle:x")]
    [InlineData("Simulator:Scenario", "--Simulator:Scenario=/nowhere/scenario.json")]
    [InlineData("sevre", "sevre")]
    [InlineData("gateway.json", "--config=/nowhere")]
    [InlineData("Plugins:bookings", "--Plugins:bookings:Tabels=1")]
    public async Task Start_BadInput_Exits2WithOneClearLine(string named, string argument)
    {
        var (code, output, error) = await RunAsync(TimeSpan.FromSeconds(60), [.. Loopback(), argument]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("voicegateway: ", line);
        Assert.Contains(named, line);
    }

    [Fact]
    public async Task Start_OccupiedSipPort_Exits2AndNamesIt()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        var (code, _, error) = await RunAsync(TimeSpan.FromSeconds(60), [.. Loopback(), $"--Sip:Listen:0=udp:127.0.0.1:{port}"]);
        Assert.Equal(2, code);
        Assert.Contains("Sip:Listen", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(port.ToString(), error);
    }

    [Fact]
    public async Task Start_OccupiedAdminPort_Exits2AndNamesIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        var (code, _, error) = await RunAsync(TimeSpan.FromSeconds(60), [.. Loopback(), $"--Admin:Url={url}"]);
        Assert.Equal(2, code);
        Assert.Contains("Admin:Url", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(url, error);
    }

    [Fact]
    public async Task Serve_Ready_PrintsOneLineAndStopsOnSigterm()
    {
        using var process = Start([.. Loopback(), "--Logging:LogLevel:Default=None"]);
        var ready = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Matches(@"^voicegateway ready sip=udp:127\.0\.0\.1:\d+ admin=http://127\.0\.0\.1:\d+ live=simulator$", ready);
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync());
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
    }

    /// <summary>A call that outlasts the time to drain: nobody else gets in meanwhile, then it gets a BYE that says why.</summary>
    [Fact]
    public async Task Serve_SigtermDuringACall_RefusesOthersAndHangsUpWhenTheTimeIsOver()
    {
        using var process = Start([.. Loopback(), "--Simulator:Scenario=long-speech", "--Calls:DrainSeconds=5", "--Logging:LogLevel:Default=None"]);
        var ready = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(SipUri.TryParse($"sip:100@{ready!.Split(' ')[2]["sip=udp:".Length..]}", out var target));
        await using var phone = await Softphone.StartAsync();
        var speaks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var progress = new Progress<CallerEvent>(e => _ = e.Kind == CallerEventKind.AgentSpeaks && speaks.TrySetResult());
        var running = phone.CallAsync(new CallerScript(new AwaitByeStep(TimeSpan.FromSeconds(30))), new CallerOptions { Target = target!, Progress = progress });
        await speaks.Task.WaitAsync(TimeSpan.FromSeconds(20));

        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        await kill.WaitForExitAsync();
        using (var admin = new HttpClient { BaseAddress = new Uri(ready.Split(' ')[3]["admin=".Length..]) })
        {
            for (var i = 0; i < 200 && (await admin.GetAsync("/health/ready")).StatusCode != HttpStatusCode.ServiceUnavailable; i++) await Task.Delay(20);
        }
        var refused = await phone.CallAsync(new CallerScript(new ListenStep()), new CallerOptions { Target = target! });
        Assert.Equal((CallerOutcome.Refused, 503), (refused.Outcome, refused.StatusCode));
        Assert.False(running.IsCompleted);

        var cut = await running;
        Assert.Equal(CallerOutcome.RemoteHungUp, cut.Outcome);
        Assert.Contains("The gateway is being stopped", cut.Reason);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Check_AsShipped_ProbesEverythingAndExits0()
    {
        var (code, output, _) = await RunAsync(TimeSpan.FromSeconds(60), ["check", .. Loopback(), "--Logging:LogLevel:Default=None"]);
        Assert.Equal(0, code);
        Assert.Contains("setup complete", output);
        Assert.Contains("agent          default", output);
    }

    /// <summary>As the README starts it: what it writes belongs into the folder it was called from, not beside the project.</summary>
    [Fact]
    public async Task DotnetRun_RelativePaths_MeanTheCallersFolder()
    {
        var source = Path.Combine(RepositoryRoot(), "src", "VoiceGateway");
        var configuration = typeof(Gateway).Assembly.Location.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug";
        var (code, output, error) = await RunAsync(TimeSpan.FromSeconds(90), StartDotnet(
            ["run", "--no-build", "-c", configuration, "--project", source, "--", "check", "--Sip:Listen:0=udp:127.0.0.1:0", "--Admin:Url=http://127.0.0.1:0", "--Storage:Database=sqlite:here/relative.db"]));
        Assert.True(code == 0, output + error);
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "here", "relative.db")));
    }

    [Fact]
    public async Task Check_LiveUnreachable_Exits1AndSaysWhy()
    {
        var port = FreePort.Next();
        var (code, output, _) = await RunAsync(TimeSpan.FromSeconds(60), ["check", .. Loopback(), $"--Live:Endpoint=ws://127.0.0.1:{port}"]);
        Assert.Equal(1, code);
        Assert.Contains("NetworkLost", output);
    }

    [Fact]
    public async Task Demo_FromNothing_BooksTheTableAndLeavesItsFiles()
    {
        var (code, output, error) = await RunAsync(TimeSpan.FromMinutes(2), ["demo"]);
        Assert.True(code == 0, output + error);
        foreach (var file in new[] { "call.wav", "call.html", "call.json" })
            Assert.True(new FileInfo(Path.Combine(_folder.FullName, "artifacts", "demo", file)).Length > 1000, file);
        using var call = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.FullName, "artifacts", "demo", "call.json")));
        Assert.True(File.Exists(Path.Combine(_folder.FullName, call.RootElement.GetProperty("recording").GetString()!)));
        Assert.DoesNotContain("http://", File.ReadAllText(Path.Combine(_folder.FullName, "artifacts", "demo", "call.html")));
    }

    private string[] Loopback() =>
        ["--Sip:Listen:0=udp:127.0.0.1:0", "--Admin:Url=http://127.0.0.1:0", $"--Storage:Database=sqlite:{Path.Combine(_folder.FullName, "p.db")}"];

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VoiceGateway.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private Task<(int Code, string Output, string Error)> RunAsync(TimeSpan patience, string[] arguments) => RunAsync(patience, Start(arguments));

    private static async Task<(int Code, string Output, string Error)> RunAsync(TimeSpan patience, Process started)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }
        return (process.ExitCode, (await output).Trim(), await error);
    }

    private Process Start(string[] arguments) => StartDotnet([typeof(Gateway).Assembly.Location, .. arguments]);

    private Process StartDotnet(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        return Process.Start(start)!;
    }
}
