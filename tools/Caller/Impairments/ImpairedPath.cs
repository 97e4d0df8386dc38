using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VoiceGateway.Rtp;

namespace VoiceGateway.Caller;

/// <summary>
/// A bad network in a thread of its own, between the caller's socket and the far end's. What comes back passes as it is.
/// <code>
/// RtpSession ─▶ near ─▶ [lost? late? twice? another stream?] ─▶ far ─▶ gateway
///            ◀─ near ◀──────────────────────────────────────── far ◀─
///                                            stranger ─▶ a tone ─────▶
/// </code>
/// </summary>
internal sealed class ImpairedPath : IDisposable
{
    // Longer sleeps are cut short by what arrives.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan StrangerWaits = TimeSpan.FromSeconds(1);

    private readonly Impairments _impairments;
    private readonly PacketFates _fates;
    private readonly StreamForger _forger;
    private readonly Socket _near;
    private readonly Socket _far;
    private readonly Stranger? _stranger;
    private readonly PriorityQueue<byte[], (long Due, long Order)> _underWay = new();
    private readonly byte[] _buffer = new byte[2048];
    private readonly Thread _thread;
    private readonly List<bool> _lost = [];
    private IPEndPoint? _caller;
    private volatile IPEndPoint? _gateway;
    private volatile bool _stopped;
    private long _started;
    private long _order;
    private long _lastDue;

    public ImpairedPath(IPAddress local, Impairments impairments)
    {
        _impairments = impairments;
        _fates = new PacketFates(impairments);
        _forger = new StreamForger(impairments.NewStreamEvery, impairments.TimestampLeapEvery, new Random(impairments.Seed));
        _near = Open(local);
        _far = Open(local);
        if (impairments.StrangerPackets > 0) _stranger = new Stranger(Open(local), impairments.StrangerPackets);
        _thread = new Thread(Run) { IsBackground = true, Name = "impaired path", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Of the packets that were sent, in order: whether each was lost.</summary>
    public IReadOnlyList<bool> Lost
    {
        get { lock (_lost) return [.. _lost]; }
    }

    /// <summary>Where to send what is to reach the gateway.</summary>
    public IPEndPoint Towards(IPEndPoint gateway)
    {
        _gateway = gateway;
        return (IPEndPoint)_near.LocalEndPoint!;
    }

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
        _near.Dispose();
        _far.Dispose();
        _stranger?.Dispose();
    }

    private static Socket Open(IPAddress local)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        socket.Bind(new IPEndPoint(local, 0));
        return socket;
    }

    private void Run()
    {
        var readable = new List<Socket>(2);
        while (!_stopped)
        {
            var now = Stopwatch.GetTimestamp();
            Deliver(now);
            var wait = LongestWait;
            if (_underWay.TryPeek(out _, out var next) && Stopwatch.GetElapsedTime(now, next.Due) is var due && due < wait) wait = due;
            if (StrangerComes(now) is { } pause && pause < wait) wait = pause;
            readable.Clear();
            readable.Add(_near);
            readable.Add(_far);
            // Whole milliseconds are waited: up, so that it does not spin through the last one.
            Socket.Select(readable, null, null, Math.Max(0, (int)wait.TotalMicroseconds + 999));
            foreach (var socket in readable) Drain(socket);
        }
    }

    // The gateway has come to know the caller by then: who is first is a question of its own.
    private TimeSpan? StrangerComes(long now) =>
        _gateway is { } gateway && _started != 0 && Stopwatch.GetElapsedTime(_started, now) > StrangerWaits ? _stranger?.SendDue(gateway, now) : null;

    private void Drain(Socket socket)
    {
        EndPoint from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (socket.Available > 0)
        {
            int length;
            try
            {
                length = socket.ReceiveFrom(_buffer, ref from);
            }
            catch (SocketException)
            {
                // A port that is gone: ICMP says so.
                return;
            }
            if (socket == _far)
            {
                if (_caller is { } caller) SendTo(_near, _buffer.AsSpan(0, length), caller);
                continue;
            }
            _caller = (IPEndPoint)from;
            Take(_buffer.AsSpan(0, length), Stopwatch.GetTimestamp());
        }
    }

    private void Take(Span<byte> packet, long now)
    {
        if (_started == 0) _started = now;
        if (packet.Length < RtpPacket.HeaderLength || packet[1] is >= 192 and <= 223)
        {
            // Not the voice.
            _underWay.Enqueue(packet.ToArray(), (now, _order++));
            return;
        }
        var since = Stopwatch.GetElapsedTime(_started, now);
        var fate = _fates.Next(since);
        lock (_lost) _lost.Add(fate.IsLost);
        _forger.Forge(packet, since);
        if (fate.IsLost) return;
        var due = now + StopwatchTime.Ticks(fate.Delay);
        if (_impairments.KeepOrder) due = _lastDue = Math.Max(due, _lastDue);
        for (var i = 0; i < fate.Copies; i++) _underWay.Enqueue(packet.ToArray(), (due, _order++));
    }

    private void Deliver(long now)
    {
        while (_underWay.TryPeek(out var packet, out var at) && at.Due <= now)
        {
            _underWay.Dequeue();
            if (_gateway is { } gateway) SendTo(_far, packet, gateway);
        }
    }

    private static void SendTo(Socket socket, ReadOnlySpan<byte> packet, IPEndPoint to)
    {
        try
        {
            socket.SendTo(packet, to);
        }
        catch (SocketException)
        {
            // Lost, as on any network.
        }
    }
}
