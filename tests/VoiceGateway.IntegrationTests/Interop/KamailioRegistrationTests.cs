using System.Net;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Sip;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>The gateway as an extension of a PBX: kamailio is the registrar, and calls come by the registration.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class KamailioRegistrationTests
{
    [SkippableTheory]
    [InlineData("udp", "MD5")]
    [InlineData("tcp", "MD5")]
    [InlineData("udp", "SHA256")]
    public async Task Register_WithPassword_CallsComeByTheRegistration(string transport, string algorithm)
    {
        Peer.Sipp.Require();
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Features = [algorithm] });
        await using (var rig = await GatewayRig.StartAsync("say", PbxTrunk.Registered($"127.0.0.1:{pbx.Port};transport={transport}")))
        {
            var registration = await PbxTrunk.BecomesAsync(rig, "registered");
            Assert.Equal($"{transport}:127.0.0.1:{pbx.Port}", registration.GetProperty("peer").GetString());
            Assert.Equal(200, registration.GetProperty("statusCode").GetInt32());
            // Where the challenge names no algorithm, it is MD5 (RFC 7616 section 3.3).
            Assert.Equal(algorithm == "SHA256", pbx.Output.Contains("algorithm=SHA-256", StringComparison.Ordinal));
            // sipp calls the PBX; nobody but the PBX could call the gateway.
            await Sipp.RunAsync("short-call", pbx.Port);
            var call = await rig.LastCallAsync();
            Assert.Equal(("caller_hung_up", "100", "4930123"), (call.EndReason, call.Called, call.Caller));
            Assert.DoesNotContain("not bound", pbx.Output, StringComparison.Ordinal);
        }
        await pbx.SaysAsync("not bound");
    }

    [SkippableFact]
    public async Task Register_WrongPassword_IsFailedAndDoesNotInsist()
    {
        await using var pbx = await Kamailio.StartAsync("registrar");
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Registered($"127.0.0.1:{pbx.Port}", password: "guessed"));
        var registration = await PbxTrunk.BecomesAsync(rig, "failed");
        Assert.Equal(401, registration.GetProperty("statusCode").GetInt32());
        await Task.Delay(1500);
        // Without credentials, then with the wrong ones: a third attempt would be guessing, and get us banned.
        Assert.Equal(3, pbx.Output.Split("REGISTER expires=").Length);
        await Assert.ThrowsAnyAsync<Exception>(() => Sipp.RunAsync("short-call", pbx.Port));
        Assert.Empty(rig.Simulator.Sessions);
    }

    [SkippableFact]
    public async Task Register_TooBrief_AsksForWhatThe423Says()
    {
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Features = ["BRIEF_IS_423"] });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Registered($"127.0.0.1:{pbx.Port}", seconds: 30));
        var registration = await PbxTrunk.BecomesAsync(rig, "registered");
        Assert.InRange(registration.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(91));
    }

    [SkippableFact]
    public async Task Register_ForThreeSecondsWithNoncesForOne_StaysRegistered()
    {
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { MaxExpires = 3, NonceSeconds = 1 });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Registered($"127.0.0.1:{pbx.Port}"));
        await PbxTrunk.BecomesAsync(rig, "registered");
        // Each refresh is challenged anew, as its nonce has become stale.
        await pbx.SaysAsync("bound ", times: 4);
        var registration = await PbxTrunk.RegistrationAsync(rig);
        Assert.Equal(("registered", 0), (registration.GetProperty("state").GetString(), registration.GetProperty("failures").GetInt32()));
        Assert.DoesNotContain("not bound", pbx.Output, StringComparison.Ordinal);
        await Sipp.RunAsync("short-call", pbx.Port);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Register_ServiceRoute_CallsOutTakeIt()
    {
        await using var phone = await Baresip.StartAsync(new short[8000 * 60], Codecs.G711Codec.MuLaw, answers: true);
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Features = ["SERVICE_ROUTE"], Callee = phone.Port });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Registered($"127.0.0.1:{pbx.Port}"));
        await PbxTrunk.BecomesAsync(rig, "registered");
        await PbxTrunk.DialAsync(rig);
        await phone.EventAsync("CALL_ESTABLISHED");
        await pbx.SaysAsync($"route=<sip:127.0.0.1:{pbx.Port};lr;service=own>");
        await phone.HangUpAsync();
        var call = await rig.LastCallAsync();
        Assert.Equal(("outbound", "caller_hung_up"), (call.Direction, call.EndReason));
    }

    [SkippableFact]
    public async Task Register_ByAnEdgeProxy_CallsComeByItsPath()
    {
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { Features = ["EDGE"] });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Registered($"127.0.0.1:{pbx.EdgePort}"));
        await PbxTrunk.BecomesAsync(rig, "registered");
        await pbx.SaysAsync($"path=<sip:127.0.0.1:{pbx.EdgePort};lr>");
        await Sipp.RunAsync("short-call", pbx.Port);
        await pbx.SaysAsync("at the edge INVITE");
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    /// <summary>As an operator sees it. The pause after a failure is half a minute to a whole one, so this is the only test that waits for it.</summary>
    [SkippableFact]
    public async Task Registrar_Restarts_GatewayRetriesAndIsBack()
    {
        var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { MaxExpires = 3 });
        await using var rig = await GatewayRig.StartAsync("say", PbxTrunk.Registered($"127.0.0.1:{pbx.Port};transport=tcp"));
        await PbxTrunk.BecomesAsync(rig, "registered");
        await pbx.DisposeAsync();
        var lost = await PbxTrunk.BecomesAsync(rig, "retrying", seconds: 40);
        Assert.True(lost.GetProperty("nextAttemptAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
        await using var again = await Kamailio.StartAsync("registrar", new KamailioOptions { Port = pbx.Port });
        await PbxTrunk.BecomesAsync(rig, "registered", seconds: 75);
        await Sipp.RunAsync("short-call", again.Port);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Registrar_IsSilentForAWhile_RegistrationRetriesAndIsBack()
    {
        await using var pbx = await Kamailio.StartAsync("registrar", new KamailioOptions { MaxExpires = 2 });
        await using var endpoint = new SipEndpoint(new SipEndpointOptions
        {
            Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
            Timers = new SipTimerOptions { T1 = TimeSpan.FromMilliseconds(50) },
        });
        await endpoint.StartAsync();
        var states = new List<SipRegistrationState>();
        await using var registration = endpoint.Register(new SipRegistrationOptions
        {
            Registrar = new SipUri(null, "127.0.0.1", pbx.Port),
            AddressOfRecord = new SipUri("100", "127.0.0.1", pbx.Port),
            Credentials = new SipCredentials("100", "their secret"),
            RetryBase = TimeSpan.FromSeconds(1),
            OnChanged = status =>
            {
                lock (states)
                    if (states.LastOrDefault() != status.State) states.Add(status.State);
            },
        });
        await BecomesAsync(SipRegistrationState.Registered);
        await pbx.FreezeAsync();
        await BecomesAsync(SipRegistrationState.Retrying);
        Assert.Equal("No Answer", registration.Status.Reason);
        await pbx.ThawAsync();
        await BecomesAsync(SipRegistrationState.Registered);
        lock (states) Assert.Equal([SipRegistrationState.Registered, SipRegistrationState.Retrying, SipRegistrationState.Registered], states);

        Task BecomesAsync(SipRegistrationState state) => GatewayRig.WaitUntilAsync(() => registration.Status.State == state, $"the registration is {state}", seconds: 20);
    }
}
