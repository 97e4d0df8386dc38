using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>A transport without sockets: the test plays every peer, on its own thread.</summary>
internal sealed class MemoryTransport(SipTransportKind kind = SipTransportKind.Udp, string local = "192.0.2.1") : ISipTransport
{
    private readonly ConcurrentDictionary<IPEndPoint, MemoryFlow> _flows = new();

    public SipListen Bound { get; } = new(kind, new IPEndPoint(IPAddress.Parse(local), 5060));

    public AddressFamily Family => Bound.EndPoint.AddressFamily;

    public ISipTransportSink? Sink { get; private set; }

    public bool IsUnreachable { get; set; }

    /// <summary>Whoever opens a flow waits for it.</summary>
    public Task? Opening { get; set; }

    public void Start(ISipTransportSink sink) => Sink = sink;

    /// <summary>What was sent to anybody.</summary>
    public IEnumerable<string> AllSent() => _flows.Values.SelectMany(flow => flow.Sent);

    public MemoryFlow FlowFrom(IPEndPoint remote) => _flows.GetOrAdd(remote, address => new MemoryFlow(this, address));

    /// <summary>Ends a connection; the next flow to the peer is another one.</summary>
    public void Break(IPEndPoint remote)
    {
        if (_flows.TryRemove(remote, out var flow))
            flow.Break();
    }

    public async ValueTask<SipFlow?> OpenFlowAsync(SipHop hop, CancellationToken cancellationToken)
    {
        if (Opening is { } opening)
            await opening.WaitAsync(cancellationToken);
        return IsUnreachable ? null : FlowFrom(hop.EndPoint);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
