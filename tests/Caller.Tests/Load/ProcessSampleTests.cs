using System.Diagnostics;

namespace VoiceGateway.Caller.Tests;

public class ProcessSampleTests
{
    [Fact]
    public void Parse_NameWithSpacesAndBrackets_FindsTheFields()
    {
        const string stat = "42 (a ) (b c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 12345 1000000 300 18446744073709551615 1 1";

        var sample = ProcessSample.Parse(stat, timestamp: 7)!.Value;

        Assert.Equal(TimeSpan.FromSeconds(3), sample.Cpu);
        Assert.Equal(300L * Environment.SystemPageSize, sample.RssBytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42 (x) S 1")]
    public void Parse_Cut_IsNull(string stat) => Assert.Null(ProcessSample.Parse(stat, 0));

    [Fact]
    public void Take_OwnProcess_IsPlausible()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var self = Process.GetCurrentProcess();

        var sample = ProcessSample.Take(self.Id)!.Value;

        Assert.InRange(sample.RssBytes, 1_000_000, 100_000_000_000);
        Assert.Equal(self.TotalProcessorTime.TotalSeconds, sample.Cpu.TotalSeconds, 1.0);
    }

    [Fact]
    public void Take_NoSuchProcess_IsNull() => Assert.Null(ProcessSample.Take(int.MaxValue));
}
