using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Turns;

public sealed class GenerationGateTests
{
    private readonly SettableTime _time = new();
    private readonly GenerationGate _gate;

    public GenerationGateTests() => _gate = new GenerationGate(_time);

    [Fact]
    public void Admit_LateChunkOfCancelledGeneration_IsDropped()
    {
        Assert.True(_gate.Admit());
        _gate.Interrupted();
        Assert.False(_gate.Admit());
        Assert.Equal(1, _gate.DroppedChunks);
    }

    [Fact]
    public void Admit_AfterTurnComplete_OpensTheNextGeneration()
    {
        _gate.Admit();
        _gate.Interrupted();
        _gate.GenerationEnded();
        Assert.True(_gate.Admit());
    }

    [Fact]
    public void Interrupted_AfterTheTurn_DropsNothingOfTheNextReply()
    {
        _gate.Admit();
        _gate.GenerationEnded();
        _gate.Interrupted();
        Assert.True(_gate.Admit());
    }

    [Fact]
    public void Admit_TurnCompleteNeverComes_OpensByTime()
    {
        _gate.Admit();
        _gate.Interrupted();
        _time.Advance(500);
        Assert.True(_gate.Admit());
    }

    [Fact]
    public void FlushedLocally_ModelGoesOn_DropsUntilItsTurnEnds()
    {
        _gate.Admit();
        _gate.FlushedLocally();
        _time.Advance(3000);
        Assert.False(_gate.Admit());
        _gate.GenerationEnded();
        Assert.True(_gate.Admit());
    }

    [Fact]
    public void Reset_AnotherConnection_AdmitsAtOnce()
    {
        _gate.Admit();
        _gate.FlushedLocally();
        Assert.False(_gate.Admit());
        _gate.GenerationEnded();
        Assert.True(_gate.Admit());
        Assert.Equal(1, _gate.DroppedChunks);
    }
}
