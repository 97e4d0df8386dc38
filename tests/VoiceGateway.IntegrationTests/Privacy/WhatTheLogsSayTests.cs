using System.Net;
using System.Net.Sockets;
using System.Text;
using VoiceGateway.Admin;
using VoiceGateway.Caller;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.LiveSimulator;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Privacy;

/// <summary>At Debug, logs, activities and metrics tell of a call without a number, a word of it or an argument of a tool.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class WhatTheLogsSayTests
{
    private const string CallerNumber = "4930987654";
    private const string CalledNumber = "498912345678";
    private const string CallerName = "Wilhelmina Hohenfels";
    private const string ApiKey = "AIza-test-5f2e8c1b90";

    [Fact]
    public async Task Debug_WholeCallWithABooking_SaysNothingOfTheCallers()
    {
        var (outlets, call, secrets) = await CallAsync("Debug",
            new ListenStep(), new SayStep(GatewayRig.Line(0)), new InterruptStep(TimeSpan.FromSeconds(3), GatewayRig.Line(1)), new ListenStep(),
            new SayStep(GatewayRig.Line(2)), new ListenStep(), new SayStep(GatewayRig.Line(3)), new AwaitByeStep(TimeSpan.FromSeconds(20)));
        using var _ = outlets;
        // What is looked for is there at all.
        Assert.Contains(call.ToolCalls, static t => t.Name == "create_booking");
        Assert.Contains(secrets, static s => s is { What: "transcript", Text: "name is miller" });
        Assert.Contains(secrets, static s => s is { What: "tool argument", Text: "Miller" });
        Assert.Contains(outlets.Lines, static l => l.StartsWith("log Debug", StringComparison.Ordinal) && l.Contains("Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.Contains(outlets.Lines, static l => l.StartsWith("log Debug", StringComparison.Ordinal) && l.Contains("ToolDispatcher", StringComparison.Ordinal));
        Assert.Contains(outlets.Lines, static l => l.StartsWith("activity", StringComparison.Ordinal) && l.Contains("voicegateway.end_reason", StringComparison.Ordinal));
        Assert.Contains(outlets.Lines, static l => l.StartsWith("metric", StringComparison.Ordinal) && l.Contains("voicegateway.calls.ended", StringComparison.Ordinal));
        Assert.Empty(Said(outlets, secrets));
    }

    /// <summary>The search can find: at Trace everything is there, but credentials.</summary>
    [Fact]
    public async Task Trace_CallWithATool_SaysEverythingButCredentials()
    {
        var (outlets, _, secrets) = await CallAsync("Trace", new ListenStep(), new SayStep(GatewayRig.Line(0)), new ListenStep(), new HangUpStep());
        using var _ = outlets;
        foreach (var kind in new[] { "transcript", "tool argument", "tool result" }) Assert.Contains(secrets, s => s.What == kind);
        Assert.All(secrets, secret => Assert.Equal(secret.What != "credential", secret.In(outlets.Lines).Any()));
    }

    [Fact]
    public async Task Debug_LinkRotatedAndBroken_SaysNeitherHandlesNorTheServersQuotations()
    {
        using var outlets = new Outlets();
        var secrets = new List<Secret> { new("quotation", "name is Miller"), new("credential", ApiKey) };
        CallView call;
        await using (var rig = await GatewayRig.StartAsync("say", outlets.AddTo, Levels("Debug")))
        {
            var calling = rig.CallAsync(new ListenStep(), new WaitStep(TimeSpan.FromSeconds(20)), new HangUpStep());
            await GatewayRig.WaitUntilAsync(() => rig.Simulator.Sessions.Any(static s => s.Events.Any(static e => e.Kind == SessionEventKind.TurnComplete)), "the greeting is said");
            await rig.Simulator.Sessions.Single().SendRawAsync("""{"goAway":{"timeLeft":"5s"}}""");
            var second = await SessionAsync(rig, 2);
            await second.CloseAsync(1011, "Internal error at 'tool_response', \"the name is Miller\"");
            var third = await SessionAsync(rig, 3);
            secrets.AddRange(rig.Simulator.Sessions.Select(static s => Handle(s)).OfType<string>().Select(static h => new Secret("handle", h)));
            rig.Gateway.Calls.All.Single().End(VoiceGateway.Calls.CallEndReason.OperatorHungUp);
            await calling;
            call = await rig.LastCallAsync();
        }
        Assert.Equal(2, secrets.Count(static s => s.What == "handle"));
        Assert.Equal(["connected", "rotated", "lost", "restored"], call.Link.Select(static l => l.Kind));
        Assert.Contains(outlets.Lines, static l => l.Contains("Live connection lost", StringComparison.Ordinal));
        Assert.Empty(Said(outlets, secrets));
    }

    [Fact]
    public async Task Debug_MessagesThatCannotBeUnderstood_AreNotQuoted()
    {
        using var outlets = new Outlets();
        await using (var rig = await GatewayRig.StartAsync("say", outlets.AddTo, Levels("Debug")))
        {
            using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            const string from = $"From: \"{CallerName}\" <sip:+{CallerNumber}@127.0.0.1>;tag=1\r\n";
            const string to = $"To: <sip:+{CalledNumber}@127.0.0.1>\r\n";
            const string rest = "Call-ID: junk-1\r\nMax-Forwards: 70\r\nContact: <sip:+" + CallerNumber + "@127.0.0.1:9>\r\n";
            const string via = "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK";
            string[] messages =
            [
                $"INVITE sip:+{CalledNumber}@127.0.0.1 SIP/2.0\r\n{via}1;rport\r\n{from}{to}{rest}CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
                $"INVITE sip:+{CalledNumber}@127.0.0.1 SIP/2.0\r\n{via}2;rport\r\n{from}{to}{rest}CSeq: x{CallerNumber} INVITE\r\nContent-Length: 0\r\n\r\n",
                $"INVITE sip:+{CalledNumber}@127.0.0.1 SIP/2.0\r\n{via}3;rport\r\nFrom: \"{CallerName}\" sip:+{CallerNumber}@@127.0.0.1\r\n{to}{rest}CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
                $"INVITE sip:+{CalledNumber}@127.0.0.1 SIP/2.0\r\n{via}4;rport\r\n{from}{to}{rest}CSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: 30\r\n\r\no={CallerNumber} not an offer at all",
                $"INVITE sip:+{CalledNumber}@127.0.0.1 SIP/2.0\r\n{via}5;rport\r\n{from}{to}{rest}CSeq: 1 INVITE\r\nRequire: +{CallerNumber}\r\nContent-Length: 0\r\n\r\n",
                $"BYE tel:+{CalledNumber} SIP/2.0\r\n{via}6;rport\r\n{from}{to};tag=9{rest}CSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n",
                $"REFER sip:+{CalledNumber}@127.0.0.1 SIP/2.0\r\n{via}7;rport\r\n{from}{to}{rest}CSeq: 1 REFER\r\nRefer-To: <sip:+{CallerNumber}@@>\r\nContent-Length: 0\r\n\r\n",
                $"+{CallerNumber} called +{CalledNumber}\r\n\r\n",
            ];
            foreach (var message in messages)
            {
                await udp.SendAsync(Encoding.ASCII.GetBytes(message), new IPEndPoint(IPAddress.Loopback, rig.SipPort));
                using var tcp = new TcpClient();
                await tcp.ConnectAsync(IPAddress.Loopback, rig.Gateway.Sip.BoundEndPoints[1].EndPoint.Port);
                await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(message.Replace("/UDP", "/TCP", StringComparison.Ordinal)));
            }
            await GatewayRig.WaitUntilAsync(() => rig.Gateway.Sip.Counters[SipCounter.MalformedDropped] > 0, "something is dropped");
            await Task.Delay(300);
        }
        Assert.NotEmpty(outlets.Lines);
        Assert.Empty(Said(outlets, [new("caller", CallerNumber), new("called", CalledNumber), new("caller", CallerName)]));
    }

    private static async Task<(Outlets Outlets, CallView Call, IReadOnlyList<Secret> Secrets)> CallAsync(string level, params CallerStep[] steps)
    {
        var outlets = new Outlets();
        CallView call;
        await using (var rig = await GatewayRig.StartAsync("book-a-table", outlets.AddTo, Levels(level)))
        {
            var report = await rig.CallAsync(
                new CallerOptions { Target = rig.Target("+" + CalledNumber), From = Uri($"sip:+{CallerNumber}@127.0.0.1"), DisplayName = CallerName }, steps);
            Assert.True(report.Succeeded, string.Join("; ", report.Problems));
            call = await rig.LastCallAsync();
        }
        Assert.Contains(CallerNumber, call.Caller);
        Assert.Contains(CalledNumber, call.Called);
        return (outlets, call, [.. Secret.Of(call).Concat([new("caller", CallerNumber), new("called", CalledNumber), new("credential", ApiKey)]).Distinct()]);
    }

    private static async Task<SimulatedSession> SessionAsync(GatewayRig rig, int number)
    {
        await GatewayRig.WaitUntilAsync(
            () => rig.Simulator.Sessions.Count == number && rig.Simulator.Sessions.Last().Events.Any(static e => e.Kind == SessionEventKind.SetupComplete), $"connection {number} is up", seconds: 15);
        return rig.Simulator.Sessions.Last();
    }

    private static string? Handle(SimulatedSession session) =>
        session.Setup!.Value.TryGetProperty("sessionResumption", out var resumption) && resumption.TryGetProperty("handle", out var handle) ? handle.GetString() : null;

    private static IEnumerable<string> Said(Outlets outlets, IEnumerable<Secret> secrets) =>
        from secret in secrets from line in secret.In(outlets.Lines) select $"{secret.What} '{secret.Text}' in: {line}";

    private static (string, string?)[] Levels(string level) =>
    [
        ("Logging:LogLevel:Default", level), ("Logging:LogLevel:Microsoft", level), ("Logging:LogLevel:System", level), ("Live:ApiKey", ApiKey),
    ];

    private static SipUri Uri(string text) => SipUri.TryParse(text, out var uri) ? uri! : throw new FormatException(text);
}
