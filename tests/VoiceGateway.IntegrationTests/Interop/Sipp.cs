using System.Globalization;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>One run of sipp with a scenario of ours.</summary>
internal sealed class Sipp : IAsyncDisposable
{
    private const string MessageLog = "messages.log";
    private const string ErrorLog = "errors.log";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly PeerProcess _process;
    private readonly string _scenario;

    private Sipp(PeerProcess process, string scenario, int port) => (_process, _scenario, Port) = (process, scenario, port);

    /// <summary>Where it listens, for scenarios in which it is called.</summary>
    public int Port { get; }

    /// <summary>Every SIP message sent and received, as sipp saw them.</summary>
    public string Messages => _process.ReadFile(MessageLog);

    /// <param name="scenario">Name of a file in <c>tests/interop/sipp</c>, without <c>.xml</c>.</param>
    /// <param name="gatewayPort">On loopback.</param>
    /// <param name="call">What differs from one short call in µ-law over UDP.</param>
    public static Sipp Start(string scenario, int gatewayPort, SippOptions? call = null)
    {
        call ??= new SippOptions();
        var program = Peer.Sipp.Require();
        var folder = Directory.CreateTempSubdirectory("voicegateway-sipp-");
        if (call.Speech is { } speech) File.WriteAllBytes(Path.Combine(folder.FullName, "caller.g711"), speech.Encode(call.Codec));
        File.WriteAllText(Path.Combine(folder.FullName, "scenario.xml"), SippScenario.Assemble(scenario, call.Keys));
        var own = FreePort.Next();
        var (host, address) = call.IPv6 ? ("[::1]", "::1") : ("127.0.0.1", "127.0.0.1");
        var media = FreePort.NextRange(4 * call.Calls);
        string[] arguments =
        [
            $"{host}:{gatewayPort}", "-sf", "scenario.xml", "-s", "100",
            "-i", address, "-p", Text(own), "-mi", address, "-mp", Text(media),
            // Where nobody listens, unless the test says otherwise.
            .. call.Keys.Any(static k => k.Name == "rtp_port") ? Array.Empty<string>() : ["-key", "rtp_port", Text(media)],
            .. call.Credentials is var (user, password) ? ["-au", user, "-ap", password] : Array.Empty<string>(),
            "-t", call.Tcp ? "t1" : "u1", "-m", Text(call.Calls), "-r", Text(call.CallsPerSecond), "-d", Text((int)call.Pause.TotalMilliseconds),
            "-nostdin", "-timeout", "40s", "-timeout_error",
            "-trace_msg", "-message_file", MessageLog, "-trace_err", "-error_file", ErrorLog,
            "-rtp_payload", call.PayloadType, "-key", "pt", call.PayloadType, "-key", "codec", call.Codec.EncodingName,
            .. call.Keys.SelectMany(static k => new[] { "-key", k.Name, k.Value }),
        ];
        return new Sipp(PeerProcess.Start(program, folder, arguments), scenario, own);
    }

    /// <summary>Runs a scenario to its end; fails the test when sipp is not content.</summary>
    public static async Task<string> RunAsync(string scenario, int gatewayPort, SippOptions? call = null)
    {
        await using var sipp = Start(scenario, gatewayPort, call);
        return await sipp.SucceedAsync();
    }

    public static Task<string> RunAsync(string scenario, GatewayRig rig, SippOptions? call = null) =>
        RunAsync(scenario, rig.Gateway.Sip.BoundEndPoints[call?.Tcp == true ? 1 : 0].EndPoint.Port, call);

    /// <summary>Exit code 0: every message came as the scenario says.</summary>
    /// <returns>The messages.</returns>
    public async Task<string> SucceedAsync()
    {
        var code = await _process.ExitAsync(Patience);
        if (code != 0)
            Assert.Fail($"sipp's {_scenario} ended with {code?.ToString(CultureInfo.InvariantCulture) ?? "nothing, it still runs"}\n{_process.ReadFile(ErrorLog)}\n{Tail(Messages)}\n{Tail(_process.Output)}");
        return Messages;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Tail(string text) => text.Length > 6000 ? text[^6000..] : text;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
