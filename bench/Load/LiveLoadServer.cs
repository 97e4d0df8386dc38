using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VoiceGateway.Rtp;

namespace VoiceGateway.Load;

/// <summary>
/// The Live service as far as a load needs it, on one thread: TLS, WebSocket, setup, audio both ways. It sleeps between its
/// milliseconds and asks epoll without waiting, so that nobody who sends to it has to wake it; connections whose delay is measured are
/// read every millisecond, the others every twenty, and when something came is the kernel's to say.
/// </summary>
internal sealed unsafe class LiveLoadServer : LoadThread
{
    public const string ThreadName = "live-load";

    private const int Slots = 20;
    private const int ReadyAtOnce = 256;

    // struct epoll_event { uint32_t events; uint64_t data; } is packed on x64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventLength = DataOffset + sizeof(ulong);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TlsServer? _tls;
    private readonly CallDirectory _calls;
    private readonly int _measureEvery;
    private readonly int _eager = LibC.EpollCreate(0);
    private readonly int[] _patient = [.. Enumerable.Range(0, Slots).Select(static _ => LibC.EpollCreate(0))];
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed(ReadyAtOnce * 16);
    private readonly Dictionary<int, LiveConnection> _connections = [];
    private readonly List<LiveConnection> _answering = [];
    private LiveMeasures _measures = new();
    private int _open;

    /// <param name="tls">Null: plain.</param>
    /// <param name="calls">Who may call.</param>
    /// <param name="measureEvery">The delay of every so many calls is measured.</param>
    public LiveLoadServer(TlsServer? tls, CallDirectory calls, int measureEvery) : base(ThreadName)
    {
        (_tls, _calls, _measureEvery) = (tls, calls, measureEvery);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Watch(_eager, (int)_listener.Handle);
    }

    public Uri Endpoint => new($"{(_tls is null ? "ws" : "wss")}://localhost:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    /// <summary>Connections that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>What the first connection agreed on.</summary>
    public string Security { get; private set; } = "";

    /// <inheritdoc cref="RtpLoad.Restart"/>
    public LiveMeasures Restart() => Interlocked.Exchange(ref _measures, new LiveMeasures());

    public void Settle(LiveConnection connection, int line)
    {
        if (Security.Length == 0) Security = connection.Security;
        if (line % _measureEvery == 0) return;
        _ = DescriptorCalls.EpollControl(_eager, LibC.EpollCtlDel, connection.Descriptor, _events);
        Watch(_patient[line % Slots], connection.Descriptor);
    }

    public void Answering(LiveConnection connection)
    {
        if (!_answering.Contains(connection)) _answering.Add(connection);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var connection in _connections.Values) connection.Dispose();
        _listener.Dispose();
        foreach (var epoll in (ReadOnlySpan<int>)[_eager, .. _patient]) _ = LibC.Close(epoll);
        NativeMemory.Free(_events);
    }

    protected override void Tick(long number)
    {
        var measures = Volatile.Read(ref _measures);
        Read(_eager, measures);
        Read(_patient[number % Slots], measures);
        for (var i = _answering.Count - 1; i >= 0; i--)
        {
            var connection = _answering[i];
            connection.Retry();
            connection.Conversation.Advance();
            if (connection.IsOver || (!connection.Conversation.IsAnswering && !connection.IsBlocked)) _answering.RemoveAt(i);
        }
    }

    private void Read(int epoll, LiveMeasures measures)
    {
        var count = LibC.EpollWait(epoll, _events, ReadyAtOnce, 0);
        Span<int> ready = stackalloc int[Math.Max(0, count)];
        // What is read may be moved to another set, which needs the same memory.
        for (var i = 0; i < count; i++)
            ready[i] = (int)BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(_events + (i * EventLength) + DataOffset, sizeof(long)));
        foreach (var descriptor in ready)
        {
            if (descriptor == (int)_listener.Handle) Accept();
            else if (_connections.TryGetValue(descriptor, out var connection)) Read(connection, measures);
        }
    }

    private void Read(LiveConnection connection, LiveMeasures measures)
    {
        connection.OnReadable(measures);
        if (!connection.IsOver) return;
        _connections.Remove(connection.Descriptor);
        _answering.Remove(connection);
        connection.Dispose();
        measures.Lost++;
        Interlocked.Decrement(ref _open);
    }

    private void Accept()
    {
        while (_listener.Poll(0, SelectMode.SelectRead))
        {
            var socket = _listener.Accept();
            socket.Blocking = false;
            socket.NoDelay = true;
            socket.SetRawSocketOption(LibC.SolSocket, LibC.SoTimestampNs, BitConverter.GetBytes(1));
            var connection = new LiveConnection(socket, _tls?.Accept(), this, _calls);
            _connections[connection.Descriptor] = connection;
            Watch(_eager, connection.Descriptor);
            Interlocked.Increment(ref _open);
        }
    }

    private static void Watch(int epoll, int descriptor)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = LibC.EpollIn;
        *(long*)(entry + DataOffset) = descriptor;
        if (DescriptorCalls.EpollControl(epoll, LibC.EpollCtlAdd, descriptor, entry) < 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), "epoll_ctl");
    }
}
