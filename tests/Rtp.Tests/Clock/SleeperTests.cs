using System.Diagnostics;

namespace VoiceGateway.Rtp.Tests.Clock;

public class SleeperTests
{
    public static TheoryData<bool> Both => Sleeper.IsNativeSupported ? [false, true] : [true];

    [Theory]
    [MemberData(nameof(Both))]
    public void SleepUntil_Deadlines_AreNeverMetEarly(bool portable)
    {
        var sleeper = Sleeper.For(portable);
        var deadline = sleeper.Now;
        for (var i = 0; i < 20; i++)
        {
            deadline += Stopwatch.Frequency / 200;
            sleeper.SleepUntil(deadline);
            Assert.True(sleeper.Now >= deadline);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void SleepUntil_Past_ReturnsAtOnce(bool portable)
    {
        var sleeper = Sleeper.For(portable);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 1000; i++)
            sleeper.SleepUntil(start - 1);

        Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 1);
    }

    [Fact]
    public void For_ThisSystem_IsTheNativeOneOnLinux()
    {
        if (OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            is System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.Arm64)
            Assert.IsType<MonotonicSleeper>(Sleeper.For(portable: false));
        Assert.IsType<ManagedSleeper>(Sleeper.For(portable: true));
    }
}
