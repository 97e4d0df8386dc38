using System.Net;
using System.Net.Sockets;
using VoiceGateway.Rtp;

namespace VoiceGateway.Load;

/// <summary>
/// The Live side of the floor: as <see cref="LiveLoadServer"/> it reads every connection each 20 ms, and sends as many pieces of an answer
/// as it does, spread over the time; it understands nothing.
/// </summary>
internal sealed unsafe class FloorLiveSide : LoadThread
{
    private const int Slots = 20;

    // An answer in each of the caller's cycles.
    private static readonly int TicksPerPiece = CallerScript.CycleFrames * 20 / AgentAnswer.Count;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly EpollReadiness[] _slots = [.. Enumerable.Range(0, Slots).Select(static _ => new EpollReadiness())];
    private readonly byte[] _buffer = GC.AllocateArray<byte>(64 * 1024, pinned: true);
    private readonly byte[] _piece = FloorPackets.Downlink(AgentAnswer.All[0].Piece(0));
    private readonly List<Socket> _connections = [];
    private readonly long[] _ready;
    private long _received;

    public FloorLiveSide(int calls) : base("floor-live")
    {
        _ready = new long[calls];
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Bytes so far.</summary>
    public long Received => Volatile.Read(ref _received);

    public override void Dispose()
    {
        base.Dispose();
        foreach (var connection in _connections) connection.Dispose();
        foreach (var slot in _slots) slot.Dispose();
        _listener.Dispose();
    }

    protected override void Tick(long number)
    {
        while (_listener.Poll(0, SelectMode.SelectRead)) Accept();
        var count = _slots[number % Slots].Collect(_ready);
        foreach (var index in _ready.AsSpan(0, count)) Read(_connections[(int)index]);
        for (var i = (int)(number % TicksPerPiece); i < _connections.Count; i += TicksPerPiece) Send(_connections[i]);
    }

    private void Accept()
    {
        var connection = _listener.Accept();
        connection.NoDelay = true;
        _slots[_connections.Count % Slots].Add(connection, _connections.Count);
        _connections.Add(connection);
    }

    private void Read(Socket connection)
    {
        fixed (byte* buffer = _buffer)
            _received += Math.Max(0, DescriptorCalls.Receive((int)connection.Handle, buffer, (nuint)_buffer.Length, LibC.MsgDontWait));
    }

    private void Send(Socket connection)
    {
        fixed (byte* piece = _piece) _ = DescriptorCalls.Send((int)connection.Handle, piece, (nuint)_piece.Length, LibC.MsgDontWait | LibC.MsgNoSignal);
    }
}
