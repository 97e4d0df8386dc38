using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace VoiceGateway.Sip.Tests.Dialogs;

internal sealed class MemoryFlow(MemoryTransport transport, IPEndPoint remote) : SipFlow
{
    public ConcurrentQueue<string> Sent { get; } = new();

    public override SipTransportKind Kind => transport.Bound.Kind;

    public override IPEndPoint RemoteEndPoint => remote;

    public override IPEndPoint LocalEndPoint => transport.Bound.EndPoint;

    private readonly CancellationTokenSource _closed = new();

    public override bool IsOpen => !_closed.IsCancellationRequested;

    public override CancellationToken Closed => _closed.Token;

    /// <summary>The latest lease's terms.</summary>
    public (TimeSpan Interval, bool ExpectsPong) Lease { get; private set; }

    /// <summary>The connection ends.</summary>
    public void Break() => _closed.Cancel();

    public override SipFlow Towards(IPEndPoint other) => transport.FlowFrom(other);

    public override IDisposable KeepAlive(TimeSpan interval, bool expectsPong = false)
    {
        Lease = (interval, expectsPong);
        return base.KeepAlive(interval, expectsPong);
    }

    public override bool Send(ReadOnlySpan<byte> message)
    {
        Sent.Enqueue(Encoding.UTF8.GetString(message));
        return true;
    }
}
