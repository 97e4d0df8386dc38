namespace VoiceGateway.Caller.Tests;

public class CallTapeTests
{
    private const long Answered = 1_000_000_000;
    private static readonly short[] Frame = [.. Enumerable.Repeat((short)1000, 160)];

    [Fact]
    public void Heard_SteadyStreamWithJitter_HasNoSeams()
    {
        var tape = Start();
        for (var n = 0; n < 50; n++) tape.Heard(At(20 * n + n % 3 * 7), (uint)(n * 160), Frame);

        var heard = tape.Finish().Heard;

        Assert.Equal(50 * 160, heard.Length);
        Assert.All(heard, sample => Assert.Equal(1000, sample));
    }

    [Fact]
    public void Heard_LatePacket_LeavesAHoleWhereTheEarHadOne()
    {
        var tape = Start();
        tape.Heard(At(0), 0, Frame);
        tape.Heard(At(220), 160, Frame);

        var heard = tape.Finish().Heard;

        Assert.Equal(1000, heard[159]);
        Assert.Equal(0, heard[160]);
        Assert.Equal(0, heard[220 * 8 - 1]);
        Assert.Equal(1000, heard[220 * 8]);
    }

    [Fact]
    public void Heard_Burst_IsPlayedOneAfterTheOther()
    {
        var tape = Start();
        for (var n = 0; n < 10; n++) tape.Heard(At(100), (uint)(n * 160), Frame);

        var heard = tape.Finish().Heard;

        Assert.Equal(100 * 8 + 10 * 160, heard.Length);
        Assert.All(heard[800..], sample => Assert.Equal(1000, sample));
    }

    [Fact]
    public void Finish_BothDirections_AreEquallyLongOnOneAxis()
    {
        var tape = Start();
        for (var n = 0; n < 10; n++) tape.Said(At(20 * n), Frame);
        tape.Heard(At(60), 5000, Frame);

        var recording = tape.Finish();

        Assert.Equal(recording.Said.Length, recording.Heard.Length);
        Assert.Equal(0, recording.Heard[60 * 8 - 1]);
        Assert.Equal(1000, recording.Heard[60 * 8]);
    }

    [Fact]
    public void Heard_TimestampsWrapAround_StayInPlace()
    {
        var tape = Start();
        tape.Heard(At(0), uint.MaxValue - 159, Frame);
        tape.Heard(At(20), 0, Frame);

        Assert.Equal(320, tape.Finish().Heard.Length);
    }

    private static CallTape Start()
    {
        var tape = new CallTape(TimeSpan.FromMinutes(1));
        tape.Start(Answered);
        return tape;
    }

    private static long At(int milliseconds) => Answered + StopwatchTime.Ticks(TimeSpan.FromMilliseconds(milliseconds));
}
