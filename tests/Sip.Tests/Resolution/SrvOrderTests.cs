namespace VoiceGateway.Sip.Tests.Resolution;

public class SrvOrderTests
{
    private const int Rolls = 20_000;

    [Fact]
    public void Of_Priorities_ComeInAscendingOrder()
    {
        var ordered = SrvOrder.Of([Record("c", 30, 9), Record("a", 10, 0), Record("b", 20, 65535), Record("a2", 10, 65535)], new Random(1).Next);
        Assert.Equal(["a", "a2", "b", "c"], ordered.Select(record => record.Target).OrderBy(target => target, StringComparer.Ordinal));
        Assert.Equal([10, 10, 20, 30], ordered.Select(record => (int)record.Priority));
    }

    [Fact]
    public void Of_ExampleOfTheRfc_SpreadsByWeight()
    {
        // RFC 2782: "old-slow-box" 1, "new-fast-box" 3, and nothing else of that priority.
        var random = new Random(2782);
        int fast = 0;
        for (int i = 0; i < Rolls; i++)
        {
            if (SrvOrder.Of([Record("old-slow-box", 0, 1), Record("new-fast-box", 0, 3)], random.Next)[0].Target == "new-fast-box")
                fast++;
        }

        // The sum is drawn from 0 to 4 inclusive, and 0 falls to the first: 3 of 5.
        Assert.InRange(fast / (double)Rolls, 0.57, 0.63);
    }

    [Fact]
    public void Of_LargeWeights_AreProportional()
    {
        var random = new Random(7);
        var first = new Dictionary<string, int> { ["a"] = 0, ["b"] = 0, ["c"] = 0 };
        for (int i = 0; i < Rolls; i++)
            first[SrvOrder.Of([Record("a", 0, 100), Record("b", 0, 300), Record("c", 0, 600)], random.Next)[0].Target]++;
        Assert.InRange(first["a"] / (double)Rolls, 0.08, 0.12);
        Assert.InRange(first["b"] / (double)Rolls, 0.28, 0.32);
        Assert.InRange(first["c"] / (double)Rolls, 0.58, 0.62);
    }

    [Fact]
    public void Of_WeightZeroBesideOthers_ComesFirstSeldomButCan()
    {
        var random = new Random(3);
        int zero = 0;
        for (int i = 0; i < Rolls; i++)
        {
            if (SrvOrder.Of([Record("some", 0, 99), Record("zero", 0, 0)], random.Next)[0].Target == "zero")
                zero++;
        }

        Assert.InRange(zero / (double)Rolls, 0.005, 0.015);
    }

    [Fact]
    public void Of_Nothing_IsNothing() => Assert.Empty(SrvOrder.Of([], new Random(1).Next));

    private static DnsServiceRecord Record(string target, ushort priority, ushort weight) => new("_sip._udp.example.com", 60, priority, weight, 5060, target);
}
