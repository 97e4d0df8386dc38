namespace VoiceGateway.LiveSimulator.Tests.Faults;

public sealed class StandingFaultsTests
{
    private readonly StandingFaults _faults = new();

    [Fact]
    public void Times_CountRepliesInWhichItWasUsed_AndNoOthers()
    {
        _faults.Set(new Fault.Burst { Times = 2 });

        _faults.ReplyEnded();
        for (var i = 0; i < 2; i++)
        {
            Assert.NotNull(_faults.ForThisReply<Fault.Burst>());
            Assert.NotNull(_faults.ForThisReply<Fault.Burst>());
            _faults.ReplyEnded();
        }

        Assert.Null(_faults.ForThisReply<Fault.Burst>());
    }

    [Fact]
    public void Take_CountsEachTime_AndNoneForEver()
    {
        _faults.Set(new Fault.NoInterrupted());
        _faults.Set(new Fault.DelayPongs());

        Assert.NotNull(_faults.Take<Fault.NoInterrupted>());
        Assert.Null(_faults.Take<Fault.NoInterrupted>());
        for (var i = 0; i < 5; i++)
            Assert.NotNull(_faults.Take<Fault.DelayPongs>());
        _faults.Clear();
        Assert.Null(_faults.Find<Fault.DelayPongs>());
    }

    [Fact]
    public void Set_SameKind_TakesThePlaceOfTheEarlierOne()
    {
        _faults.Set(new Fault.Slow { Speed = 0.5 });
        _faults.Set(new Fault.Slow { Speed = 0.1 });

        Assert.Equal(0.1, _faults.Find<Fault.Slow>()!.Speed);
        Assert.Single(_faults.Snapshot());
    }
}
