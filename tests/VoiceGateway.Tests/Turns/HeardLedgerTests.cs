using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class HeardLedgerTests
{
    private static readonly TimeSpan T0 = TimeSpan.Zero;
    private readonly HeardLedger _ledger = new();

    [Fact]
    public void Snapshot_EverythingPlayed_IsHeardInFull()
    {
        _ledger.AgentAudio(0, 8000, T0);
        _ledger.AgentText("Good evening, ", 8000, T0);
        _ledger.AgentText("how can I help?", 8000, T0);
        _ledger.TurnComplete();
        var line = Assert.Single(_ledger.Snapshot(played: 8000));
        Assert.Equal("Good evening, how can I help?", line.Text);
        Assert.Equal(line.Text, line.HeardText);
        Assert.False(line.Interrupted);
    }

    [Fact]
    public void CutAt_HalfWay_KeepsTheWordsThatWerePlayed()
    {
        _ledger.AgentAudio(0, 16000, T0);
        _ledger.AgentText("one two three four five six seven eight", 16000, T0);
        _ledger.TurnComplete();
        _ledger.CutAt(8000, T0);
        var line = Assert.Single(_ledger.Snapshot(played: 16000));
        Assert.True(line.Interrupted);
        Assert.Equal("one two three four", line.HeardText);
    }

    [Fact]
    public void AgentText_AfterTheCut_BelongsToTheTurnThatWasCutAndWasNotHeard()
    {
        _ledger.AgentAudio(0, 16000, T0);
        _ledger.AgentText("We have a table ", 16000, T0);
        _ledger.CutAt(16000 / 2, T0);
        _ledger.AgentText("at seven or at eight", 16000, T0);
        var line = Assert.Single(_ledger.Snapshot(played: 16000));
        Assert.Equal("We have a table at seven or at eight", line.Text);
        Assert.True(line.HeardText.Length < line.Text.Length);
    }

    [Fact]
    public void Snapshot_NextReplyAfterTheCut_IsCountedFromItsOwnStart()
    {
        _ledger.AgentAudio(0, 16000, T0);
        _ledger.AgentText("first answer", 16000, T0);
        _ledger.CutAt(8000, T0);
        _ledger.TurnComplete();
        _ledger.CallerText("no, at eight", true, T0);
        // Playout jumps over what was cancelled: the next reply begins at 16000.
        _ledger.AgentAudio(16000, 24000, T0);
        _ledger.AgentText("second answer here", 24000, T0);
        _ledger.TurnComplete();
        var lines = _ledger.Snapshot(played: 20000);
        Assert.Equal(["first", "no, at eight", "second"], lines.Select(l => l.HeardText));
        Assert.Equal([true, false, false], lines.Select(l => l.Interrupted));
    }

    [Fact]
    public void CallerText_Fragments_AreOneUtteranceUntilTheAgentSpeaks()
    {
        _ledger.CallerText(" I would like", false, T0);
        _ledger.CallerText(" a table", false, T0);
        _ledger.AgentAudio(0, 100, T0);
        _ledger.AgentText("Sure", 100, T0);
        _ledger.CallerText(" thanks", true, T0);
        Assert.Equal(["I would like a table", "Sure", "thanks"], _ledger.Snapshot(100).Select(l => l.Text));
    }

    [Fact]
    public void Snapshot_WordsWithoutAudio_WereNotHeard()
    {
        _ledger.AgentAudio(0, 8000, T0);
        _ledger.AgentText("heard", 8000, T0);
        _ledger.CutAt(8000 - 1, T0);
        _ledger.CallerText("wait", true, T0);
        _ledger.AgentText(" and never played", 8000, T0);
        var agent = _ledger.Snapshot(8000).Where(static l => l.Speaker == Speaker.Agent);
        Assert.DoesNotContain(agent, static l => l.HeardText.Contains("never played"));
    }

    [Fact]
    public void CutAt_NothingPlayed_HeardNothing()
    {
        _ledger.AgentAudio(100, 200, T0);
        _ledger.AgentText("unheard words", 200, T0);
        _ledger.CutAt(100, T0);
        Assert.Equal("", Assert.Single(_ledger.Snapshot(200)).HeardText);
    }

    /// <summary>The turn is complete, its playout is not: the caller interrupts in the middle of it.</summary>
    [Fact]
    public void CutAt_AfterTheTurnIsComplete_CutsWhatWasNotPlayed()
    {
        _ledger.AgentAudio(0, 16000, T0);
        _ledger.AgentText("one two three four five six seven eight", 16000, T0);
        _ledger.TurnComplete();
        _ledger.CutAt(8000, T0);
        Assert.Equal(new CutWords("one two three four", "five six seven eight"), _ledger.LastCut());
        // The next answer's words may come before its audio.
        _ledger.AgentText("another answer", 16000, TimeSpan.FromSeconds(1));
        Assert.Equal(["one two three four", ""], _ledger.Snapshot(16000).Select(static l => l.HeardText));
        _ledger.AgentAudio(16000, 24000, TimeSpan.FromSeconds(1));
        Assert.Equal("another answer", _ledger.Snapshot(24000)[1].HeardText);
    }

    /// <summary>This side flushed and the model, which does not know, sends the rest: words and audio.</summary>
    [Fact]
    public void AgentAudioDropped_RestOfACutTurn_LeavesTheHeardWordsAsTheyWere()
    {
        _ledger.AgentAudio(0, 16000, T0);
        _ledger.AgentText("one two three four five six seven eight ", 16000, T0);
        _ledger.CutAt(8000, T0);
        _ledger.AgentAudioDropped(16000);
        _ledger.AgentText("nine ten eleven twelve thirteen fourteen.", 16000, TimeSpan.FromSeconds(1));
        _ledger.TurnComplete();
        var line = Assert.Single(_ledger.Snapshot(played: 16000));
        Assert.Equal("one two three four", line.HeardText);
        Assert.EndsWith("fourteen.", line.Text);
    }

    /// <summary>All that had come was played when the caller interrupted; the rest came too late.</summary>
    [Fact]
    public void CutAt_EverythingSoFarPlayed_OnlyTheRestIsMissed()
    {
        _ledger.AgentAudio(0, 8000, T0);
        _ledger.AgentText("heard in full", 8000, T0);
        _ledger.CutAt(8000, T0);
        Assert.Null(_ledger.LastCut());
        Assert.False(_ledger.Snapshot(8000)[0].Interrupted);
        _ledger.AgentAudioDropped(8000);
        _ledger.AgentText(" and never played", 8000, T0);
        Assert.Equal(new CutWords("heard in full", "and never played"), _ledger.LastCut());
    }

    [Fact]
    public void LastCut_NothingWasCutThisTime_IsNotAnEarlierOne()
    {
        _ledger.AgentAudio(0, 8000, T0);
        _ledger.AgentText("one two three four", 8000, T0);
        _ledger.CutAt(4000, T0);
        Assert.NotNull(_ledger.LastCut());
        _ledger.TurnComplete();
        _ledger.CutAt(8000, T0);
        Assert.Null(_ledger.LastCut());
    }

    /// <summary>The connection went in the middle of a reply; what had come is played to its end.</summary>
    [Fact]
    public void LinkLost_ReplyBrokenOff_TheNextReplyIsItsOwnLine()
    {
        _ledger.AgentAudio(0, 8000, T0);
        _ledger.AgentText("We have a table", 8000, T0);
        _ledger.LinkLost();
        _ledger.AgentAudio(8000, 16000, T0);
        _ledger.AgentText("at seven", 16000, T0);
        Assert.Equal(["We have a table", "at seven"], _ledger.Snapshot(16000).Select(static l => l.HeardText));
    }

    /// <summary>Another model hears the open question again: it is neither told it nor is it written down twice.</summary>
    [Fact]
    public void LinkLost_InTheMiddleOfAnAnswer_TheQuestionIsOpen()
    {
        _ledger.AgentAudio(0, 8000, T0);
        _ledger.AgentText("Good evening.", 8000, T0);
        _ledger.TurnComplete();
        _ledger.CallerText("A table for four.", finished: true, TimeSpan.FromSeconds(2));
        _ledger.AgentAudio(8000, 16000, TimeSpan.FromSeconds(4));
        _ledger.AgentText("On Friday", 16000, TimeSpan.FromSeconds(4));
        _ledger.LinkLost();
        Assert.Equal(["Good evening."], _ledger.Answered().Select(static l => l.Text));
        _ledger.ForgetUnanswered();
        _ledger.CallerText("A table for four.", finished: true, TimeSpan.FromSeconds(2));
        Assert.Single(_ledger.Snapshot(16000), static l => l.Speaker == Speaker.Caller);
        _ledger.AgentAudio(16000, 24000, TimeSpan.FromSeconds(6));
        _ledger.TurnComplete();
        Assert.Contains(_ledger.Answered(), static l => l.Text == "A table for four.");
    }

    [Theory]
    [InlineData("one two three", 0.5, "one")]
    [InlineData("one two three", 0.54, "one two")]
    [InlineData("one", 0.9, "")]
    [InlineData("one two", 1.0, "one two")]
    [InlineData("", 0.5, "")]
    public void HeardPart_CutMidWord_LeavesTheWordOut(string text, double share, string heard) =>
        Assert.Equal(heard, HeardLedger.HeardPart(text, share));
}
