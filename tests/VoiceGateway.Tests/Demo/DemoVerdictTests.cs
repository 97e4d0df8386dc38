using VoiceGateway.Admin;
using VoiceGateway.Caller;
using VoiceGateway.Demo;
using VoiceGateway.Records;

namespace VoiceGateway.Tests.Demo;

/// <summary>The demo must not be able to say "ok" of a call that went wrong: its exit code is what a script looks at.</summary>
public sealed class DemoVerdictTests
{
    private static readonly string[] Miller = ["Miller, 6 people, 2026-11-27T20:00"];

    [Fact]
    public void Of_CallAsItShouldBe_Passes() => Assert.True(DemoVerdict.Of(Call(), Report(), Miller).Passed);

    [Fact]
    public void Of_NothingInTheDatabase_Fails() => AssertFails(DemoVerdict.Of(Call(), Report(), []), "the table is in the database");

    [Fact]
    public void Of_BookedTwice_Fails() => AssertFails(DemoVerdict.Of(Call(), Report(), [.. Miller, .. Miller]), "the table is in the database");

    [Fact]
    public void Of_TurnWithoutReply_Fails()
    {
        var report = Report();
        var turns = report.Turns.ToArray();
        turns[3] = turns[3] with { ReplyFromMs = null };
        AssertFails(DemoVerdict.Of(Call(), report with { Turns = turns }, Miller), "every turn was answered");
    }

    [Fact]
    public void Of_AgentSpokeOnOverTheCaller_Fails()
    {
        var report = Report();
        var turns = report.Turns.Select(static t => t with { BargeInStopMs = null });
        AssertFails(DemoVerdict.Of(Call(), report with { Turns = [.. turns] }, Miller), "the interruption silenced the agent");
    }

    [Fact]
    public void Of_CallerHungUp_Fails() => AssertFails(DemoVerdict.Of(Call(), Report() with { Outcome = CallerOutcome.HungUp }, Miller), "the call was answered and ended by the agent");

    private static void AssertFails(DemoVerdict verdict, string check)
    {
        Assert.False(verdict.Passed);
        Assert.Equal(check, Assert.Single(verdict.Checks, static c => !c.Passed).What);
    }

    private static CallView Call() => new()
    {
        Id = "1",
        State = "ended",
        Direction = "inbound",
        Caller = "+15550100",
        Called = "100",
        Agent = "default",
        EndReason = "agent_hung_up",
        Transcript = [new TranscriptEntry("agent", "Yes, at seven", 8000, HeardInFull: false, "Yes,")],
    };

    private static CallerReport Report() => new()
    {
        Target = "sip:100@127.0.0.1",
        Outcome = CallerOutcome.RemoteHungUp,
        Reason = "the other side hung up",
        ScriptFinished = true,
        Turns =
        [
            new TurnReport { Kind = TurnKind.Greeting, SpokeFromMs = 0, ReplyFromMs = 50 },
            new TurnReport { Kind = TurnKind.Say, SpokeFromMs = 4000, ReplyFromMs = 8400 },
            new TurnReport { Kind = TurnKind.Interrupt, SpokeFromMs = 11000, ReplyFromMs = 15000, BargeInStopMs = 55 },
            new TurnReport { Kind = TurnKind.Say, SpokeFromMs = 20000, ReplyFromMs = 23000 },
            new TurnReport { Kind = TurnKind.Say, SpokeFromMs = 28000, ReplyFromMs = 30000 },
        ],
    };
}
