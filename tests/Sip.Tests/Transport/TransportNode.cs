using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests.Transport;

/// <summary>The transports of one endpoint without what is above them: it keeps what arrives, and whence.</summary>
internal sealed class TransportNode : ISipTransportSink, IAsyncDisposable
{
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly ConcurrentQueue<(string Text, SipFlow Flow)> _messages = new();
    private readonly TaskTracker _tasks;

    private TransportNode(SipEndpointOptions options)
    {
        _tasks = new TaskTracker(OnFault);
        Transports = new SipTransports(options, _tasks);
    }

    public SipTransports Transports { get; }

    public SipCounters Counters { get; } = new();

    public SipLimits Limits => SipLimits.Default;

    public ConcurrentQueue<Exception> Faults { get; } = new();

    public Func<SipSource, bool> IsPeer { get; set; } = static _ => true;

    public SipListen Bound => Transports.Bound[0];

    public static async Task<TransportNode> StartAsync(SipEndpointOptions options)
    {
        var node = new TransportNode(options);
        await node.Transports.StartAsync(node);
        return node;
    }

    public static SipListen Loopback(SipTransportKind kind) => new(kind, new IPEndPoint(IPAddress.Loopback, 0));

    public SipHop HopTo(TransportNode other, string? name = null) => new(other.Bound.Kind, other.Bound.EndPoint) { HostName = name };

    public async Task<SipFlow?> OpenAsync(SipHop hop) =>
        await Transports.OpenFlowAsync(hop, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public async Task<(string Text, SipFlow Flow)> NextAsync()
    {
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(20)), "Nothing arrived.");
        Assert.True(_messages.TryDequeue(out var message));
        return message;
    }

    public async Task WaitForAsync(SipCounter counter, long count = 1)
    {
        for (int i = 0; i < 2000 && Counters[counter] < count; i++)
            await Task.Delay(10);
        Assert.Equal(count, Counters[counter]);
    }

    public bool Knows(in SipSource source) => IsPeer(source);

    public void OnMessage(ReadOnlySpan<byte> message, SipFlow flow)
    {
        flow = flow.Kept();
        if (SipParser.TryParse(message, Limits, out var parsed, out _) == SipParseResult.Message && parsed is SipRequest request)
            Transports.Learn(request, flow);
        _messages.Enqueue((Encoding.UTF8.GetString(message), flow));
        _arrived.Release();
    }

    public void OnFault(Exception exception) => Faults.Enqueue(exception);

    public async ValueTask DisposeAsync()
    {
        await Transports.DisposeAsync();
        await _tasks.DrainAsync();
        _arrived.Dispose();
        Assert.Empty(Faults);
    }
}
