using System.Net;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Guard;

public class SourceTableTests
{
    private readonly FakeTime _time = new();

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::1", "::2", true)]
    [InlineData("0.0.0.0", "::", false)]
    public void Key_IsTheAddressOrItsPrefix(string one, string other, bool areSame)
    {
        Assert.Equal(areSame, SourceKey.Of(IPAddress.Parse(one)) == SourceKey.Of(IPAddress.Parse(other)));
        Assert.False(SourceKey.Of(IPAddress.Parse(one)).IsNone);
    }

    [Fact]
    public void Table_FloodedWithAddresses_KeepsItsSizeAndWhoWasAdmitted()
    {
        var table = new SourceTable(1_000, _time, TimeSpan.FromHours(1));
        Assert.Equal(1_024, table.Capacity);
        var phone = new SourceKey(77);
        table.Vouch(phone, _time.GetTimestamp());
        var rate = new TokenRate(new SipRate(1, 1), _time);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 1_000; i < 1_000_000; i++)
            table.TryTake(new SourceKey(i), SourceBucket.UnknownMessages, rate, _time.GetTimestamp());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024); // the table itself: 1,024 places of 64 bytes
        Assert.True(table.IsVouchedFor(phone, _time.GetTimestamp()));
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.False(table.IsVouchedFor(phone, _time.GetTimestamp()));
    }

    [Fact]
    public void Table_FullOfTheAdmitted_StillTakesMore()
    {
        var table = new SourceTable(8, _time, TimeSpan.FromHours(1));
        for (ulong i = 1; i < 100; i++)
        {
            _time.Advance(1);
            table.Vouch(new SourceKey(i), _time.GetTimestamp());
            Assert.True(table.IsVouchedFor(new SourceKey(i), _time.GetTimestamp()));
        }
    }

    [Fact]
    public void Rate_GivesTheBurstThenTheRate()
    {
        var rate = new TokenRate(new SipRate(10, 5), _time);
        long spent = 0;
        int Take(int tries) => Enumerable.Range(0, tries).Count(_ => rate.TryTake(ref spent, _time.GetTimestamp()));
        Assert.Equal(5, Take(100));
        _time.Advance(100);
        Assert.Equal(1, Take(100));
        _time.Advance(350);
        Assert.Equal(3, Take(100));
        _time.Advance(60_000);
        Assert.Equal(5, Take(100));
    }

    [Fact]
    public void Rate_Unlimited_NeverEnds()
    {
        var rate = new TokenRate(SipRate.Unlimited, _time);
        long spent = 0;
        for (int i = 0; i < 10_000; i++)
            Assert.True(rate.TryTake(ref spent, _time.GetTimestamp()));
    }

    [Fact]
    public async Task Rate_SharedByThreads_GivesNoTokenTwice()
    {
        var rate = new TokenRate(new SipRate(1, 1_000), _time);
        var shared = new long[1];
        int taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                if (rate.TryTakeShared(ref shared[0], _time.GetTimestamp()))
                    Interlocked.Increment(ref taken);
            }
        })));
        Assert.Equal(1_000, taken);
    }

    [Fact]
    public void Tokens_AddedTwice_AreHeldUntilRemovedTwice()
    {
        var tokens = new TokenSet();
        tokens.Add("z9hG4bKa");
        tokens.Add("z9hG4bKa");
        Assert.True(tokens.Contains("z9hG4bKa"u8));
        tokens.Remove("z9hG4bKa");
        Assert.True(tokens.Contains("z9hG4bKa"u8));
        tokens.Remove("z9hG4bKa");
        Assert.False(tokens.Contains("z9hG4bKa"u8));
        Assert.True(tokens.IsEmpty);
        Assert.False(tokens.Contains(default));
    }
}
