using System.Net;
using VoiceGateway.Sip.Tests.Dialogs;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Resolution;

public class HopSequenceTests
{
    private static readonly SipHop[] Hops = [.. Enumerable.Range(1, 3).Select(i => new SipHop(SipTransportKind.Tcp, new IPEndPoint(new IPAddress([192, 0, 2, (byte)i]), 5060)))];
    private readonly FakeTime _time = new();
    private readonly HashSet<SipHop> _unreachable = [];
    private readonly MemoryTransport _transport = new(SipTransportKind.Tcp);
    private readonly HopBlackList _list;

    public HopSequenceTests() => _list = new HopBlackList(_time);

    [Fact]
    public async Task Next_EachFails_TriesAllInOrderAndEnds()
    {
        var hops = Sequence();
        Assert.Equal("1 2 3 -", await TakeAsync(hops, _ => hops.Failed()));
        Assert.False(hops.HasMore);
        Assert.Equal(3, _list.Snapshot().Count);
    }

    [Fact]
    public async Task Next_HopThatCannotBeOpened_IsSkippedAndListed()
    {
        _unreachable.Add(Hops[0]);
        var hops = Sequence();
        var flow = await hops.NextAsync(CancellationToken.None);
        Assert.Equal(Hops[1].EndPoint, flow!.RemoteEndPoint);
        Assert.Equal(Hops[1], hops.Current);
        Assert.True(_list.IsListed(Hops[0]));
        Assert.False(_list.IsListed(Hops[1]));
    }

    [Fact]
    public async Task Next_ListedHops_ComeLastInTheirOrder()
    {
        _list.Add(Hops[0]);
        _list.Add(Hops[1]);
        Assert.Equal("3 1 2 -", await TakeAsync(Sequence()));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("1 2 3 -", await TakeAsync(Sequence()));
    }

    [Fact]
    public async Task Next_AllListed_AreTriedAllTheSame()
    {
        foreach (var hop in Hops)
            _list.Add(hop);
        Assert.Equal("1 2 3 -", await TakeAsync(Sequence()));
    }

    [Fact]
    public async Task Next_ListedMeanwhileByAnother_ComesLast()
    {
        var hops = Sequence();
        Assert.NotNull(await hops.NextAsync(CancellationToken.None));
        _list.Add(Hops[1]);
        Assert.Equal("3 2 -", await TakeAsync(hops));
    }

    [Fact]
    public async Task Failed_WithRetryAfter_ListsForAsLong()
    {
        var hops = Sequence();
        await hops.NextAsync(CancellationToken.None);
        hops.Failed(TimeSpan.FromSeconds(5));
        _time.Advance(4999);
        Assert.True(_list.IsListed(Hops[0]));
        _time.Advance(1);
        Assert.False(_list.IsListed(Hops[0]));
    }

    [Fact]
    public async Task Succeeded_TakesTheHopFromTheList()
    {
        foreach (var hop in Hops)
            _list.Add(hop);
        var hops = Sequence();
        await hops.NextAsync(CancellationToken.None);
        hops.Succeeded();
        Assert.False(_list.IsListed(Hops[0]));
        Assert.True(_list.IsListed(Hops[1]));
    }

    [Fact]
    public async Task Next_GivenUp_ListsNothing()
    {
        var hops = new HopSequence(Hops, _list, static (_, cancellationToken) => ValueTask.FromCanceled<SipFlow?>(cancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hops.NextAsync(new CancellationToken(true)).AsTask());
        Assert.Empty(_list.Snapshot());
    }

    [Fact]
    public async Task Empty_LeadsNowhere()
    {
        Assert.Equal(0, HopSequence.Empty.Count);
        Assert.Null(await HopSequence.Empty.NextAsync(CancellationToken.None));
        HopSequence.Empty.Failed();
        HopSequence.Empty.Succeeded();
    }

    private static async Task<string> TakeAsync(HopSequence hops, Action<SipFlow>? then = null)
    {
        List<string> taken = [];
        while (await hops.NextAsync(CancellationToken.None) is { } flow)
        {
            taken.Add(flow.RemoteEndPoint.Address.ToString()["192.0.2.".Length..]);
            then?.Invoke(flow);
        }

        return string.Join(' ', [.. taken, "-"]);
    }

    private HopSequence Sequence() => new(Hops, _list, (hop, _) => new ValueTask<SipFlow?>(_unreachable.Contains(hop) ? null : _transport.FlowFrom(hop.EndPoint)));
}
