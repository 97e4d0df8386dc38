using System.Text.RegularExpressions;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>sipp hands its call on to another sipp, or takes another's place.</summary>
public sealed partial class SippReferTests
{
    [SkippableFact]
    public async Task Refer_ToSomebodyAllowed_IsReportedAndTheConversationGoesOnThere()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Calls:ReferTargets:0", "2*"));
        await using var ear = new RtpEar();
        await using var other = Called(rig, ear, "Referred-By:", "sip:4930123@");
        await Sipp.RunAsync("refer", rig, Towards(other));
        await other.SucceedAsync();
        Assert.Single(rig.Simulator.Sessions);
        Assert.InRange(ear.Packets, 30, int.MaxValue);
        var call = await rig.LastCallAsync();
        Assert.Equal("caller_hung_up", call.EndReason);
        Assert.Contains(call.Timeline, static m => m.Name == "moved_on");
    }

    [SkippableFact]
    public async Task Refer_WithoutReports_ConversationGoesOnThere()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Calls:ReferTargets:0", "2*"));
        await using var ear = new RtpEar();
        await using var other = Called(rig, ear, "To:", "sip:200@");
        var messages = await Sipp.RunAsync("refer-silently", rig, Towards(other));
        Assert.DoesNotContain("\nNOTIFY sip:", messages, StringComparison.Ordinal);
        await other.SucceedAsync();
        await rig.LastCallAsync();
    }

    [SkippableFact]
    public async Task Refer_ToSomebodyElse_IsRefusedAndTheCallGoesOn()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync("say", ("Calls:ReferTargets:0", "2*"));
        await Sipp.RunAsync("refer-refused", rig, new SippOptions { Keys = [("target", "sip:0900123@127.0.0.1")] });
        var call = await rig.LastCallAsync();
        Assert.Equal("caller_hung_up", call.EndReason);
        Assert.DoesNotContain(call.Timeline, static m => m.Name == "moved_on");
    }

    [SkippableFact]
    public async Task Invite_ReplacesAnothersCall_ThatOneGetsBye()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await using var ear = new RtpEar();
        await using var first = Sipp.Start("await-bye", rig.SipPort);
        await GatewayRig.WaitUntilAsync(() => first.Messages.Contains("ACK sip:", StringComparison.Ordinal), "the first call is up", seconds: 20);
        var answer = Answer().Match(first.Messages);
        Assert.True(answer.Success);
        // The gateway's own tag is in To (RFC 3891 section 3: to-tag is the local one of whoever receives it).
        var replaced = $"{answer.Groups["call"]};to-tag={answer.Groups["to"]};from-tag={answer.Groups["from"]}";
        await Sipp.RunAsync("replaces", rig, new SippOptions { Keys = [("replaced", replaced), ("rtp_port", $"{ear.Port}")] });
        await first.SucceedAsync();
        Assert.InRange(ear.Packets, 30, int.MaxValue);
        Assert.Single(rig.Simulator.Sessions);
        Assert.Equal("caller_hung_up", (await rig.LastCallAsync()).EndReason);
    }

    [SkippableFact]
    public async Task Invite_ReplacesWhatIsNot_Is481()
    {
        Peer.Sipp.Require();
        await using var rig = await GatewayRig.StartAsync();
        await Sipp.RunAsync("replaces-nothing", rig);
        Assert.Empty(rig.Simulator.Sessions);
    }

    private static Sipp Called(GatewayRig rig, RtpEar ear, string header, string expected) =>
        Sipp.Start("be-called", rig.SipPort, new SippOptions { Keys = [("header", header), ("expected", expected), ("rtp_port", $"{ear.Port}")] });

    private static SippOptions Towards(Sipp other) => new() { Keys = [("target", $"sip:200@127.0.0.1:{other.Port}")] };

    [GeneratedRegex(@"SIP/2\.0 200 OK.*?From: [^\r\n]*;tag=(?<from>[^\r\n;]+).*?To: [^\r\n]*;tag=(?<to>[^\r\n;]+).*?Call-ID: (?<call>[^\r\n]+)", RegexOptions.Singleline)]
    private static partial Regex Answer();
}
