namespace VoiceGateway.Rtp.Tests;

/// <summary>Time that passes when somebody sleeps, or as the test says.</summary>
internal sealed class FakeSleeper : ISleeper
{
    public long Now { get; set; }

    public void SleepUntil(long deadline) => Now = Math.Max(Now, deadline);
}
