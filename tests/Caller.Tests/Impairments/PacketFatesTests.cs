namespace VoiceGateway.Caller.Tests;

public sealed class PacketFatesTests
{
    private const int Packets = 100_000;

    [Fact]
    public void Next_NoImpairments_NothingHappens() =>
        Assert.All(Draw(new(), 1000), static fate => Assert.Equal(new PacketFate(false, TimeSpan.Zero, 1), fate));

    [Theory]
    [InlineData(5, 1)]
    [InlineData(20, 1)]
    [InlineData(5, 2)]
    [InlineData(10, 3)]
    [InlineData(20, 5)]
    public void Next_Loss_IsAsMuchAndInBurstsAsLongAsAskedFor(double percent, double burst)
    {
        var lost = Draw(new() { LossPercent = percent, BurstPackets = burst }, Packets).Select(static f => f.IsLost).ToArray();
        var losses = lost.Count(static l => l);
        var bursts = lost.Zip(lost.Skip(1)).Count(static pair => pair is { First: false, Second: true });
        Assert.InRange(losses * 100.0 / Packets, percent * 0.93, percent * 1.07);
        // Each for itself they follow one another by chance.
        var expected = burst == 1 ? 1 / (1 - percent / 100) : burst;
        Assert.InRange((double)losses / bursts, expected * 0.95, expected * 1.05);
    }

    [Fact]
    public void Next_Jitter_IsEvenlySpread()
    {
        var delays = Draw(new() { Jitter = TimeSpan.FromMilliseconds(80) }, Packets).Select(static f => f.Delay.TotalMilliseconds).ToArray();
        Assert.InRange(delays.Average(), 39.5, 40.5);
        Assert.InRange(delays.Max(), 79, 80);
        Assert.InRange(delays.Min(), 0, 1);
    }

    [Fact]
    public void Next_ReorderAndDuplicate_AreShares()
    {
        var fates = Draw(new() { ReorderPercent = 5, DuplicatePercent = 10 }, Packets);
        Assert.InRange(fates.Count(static f => f.Delay == TimeSpan.FromMilliseconds(50)), 4700, 5300);
        Assert.InRange(fates.Count(static f => f.Copies == 2), 9600, 10_400);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void Next_Drift_MovesEveryPacketALittleFurther(double ppm)
    {
        var fates = new PacketFates(new() { DriftPpm = ppm });
        var before = fates.Next(TimeSpan.Zero).Delay;
        var after = fates.Next(TimeSpan.FromMinutes(5)).Delay;
        Assert.Equal(300_000 * ppm * 1e-6, (after - before).TotalMilliseconds, 3);
    }

    [Fact]
    public void Next_SameSeed_SameFates()
    {
        var network = new Impairments { LossPercent = 10, Jitter = TimeSpan.FromMilliseconds(30), DuplicatePercent = 5, Seed = 9 };
        Assert.Equal(Draw(network, 500), Draw(network, 500));
        Assert.NotEqual(Draw(network, 500), Draw(network with { Seed = 10 }, 500));
    }

    [Fact]
    public void Constructor_WhatCannotBe_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new PacketFates(new() { LossPercent = 101 }));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new PacketFates(new() { BurstPackets = 0.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new PacketFates(new() { LossPercent = 90, BurstPackets = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new PacketFates(new() { Jitter = TimeSpan.FromSeconds(-1) }));
    }

    private static List<PacketFate> Draw(Impairments network, int count)
    {
        var fates = new PacketFates(network);
        return [.. Enumerable.Range(0, count).Select(i => fates.Next(TimeSpan.FromMilliseconds(20 * i)))];
    }
}
