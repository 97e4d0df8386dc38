using System.Net.Sockets;
using System.Runtime.InteropServices;
using VoiceGateway.Rtp;

namespace VoiceGateway.Load;

/// <summary>One WebSocket of the gateway's, from the accepted socket to its end. The Live thread only.</summary>
internal sealed unsafe class LiveConnection : IDisposable
{
    private const int ControlLength = 64;

    // Shared by all connections: one thread reads and writes them all.
    private static readonly byte[] Network = GC.AllocateArray<byte>(256 * 1024, pinned: true);
    private static readonly byte[] Plain = GC.AllocateArray<byte>(64 * 1024, pinned: true);
    private static readonly byte[] Outgoing = GC.AllocateArray<byte>(64 * 1024, pinned: true);
    private static readonly long[] Control = GC.AllocateArray<long>(ControlLength / sizeof(long), pinned: true);

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly TlsChannel? _tls;
    private readonly LiveLoadServer _server;
    private readonly LiveConversation _conversation;
    private byte[] _rest = [];
    private int _restLength;
    private byte[] _unsent = [];
    private bool _upgraded;

    public LiveConnection(Socket socket, TlsChannel? tls, LiveLoadServer server, CallDirectory calls)
    {
        (_socket, _tls, _server) = (socket, tls, server);
        _descriptor = (int)socket.Handle;
        _conversation = new LiveConversation(this, calls);
    }

    public int Descriptor => _descriptor;

    public bool IsOver { get; private set; }

    /// <summary>The other side takes nothing at the moment.</summary>
    public bool IsBlocked => _unsent.Length > 0;

    public LiveConversation Conversation => _conversation;

    /// <summary>Protocol and cipher, empty without TLS.</summary>
    public string Security => _tls?.ToString() ?? "";

    /// <summary>Reads all that is there.</summary>
    public void OnReadable(LiveMeasures measures)
    {
        int length;
        do
        {
            length = Receive(out var arrival);
            if (length == 0) IsOver = true;
            if (length <= 0) break;
            if (_tls is null) Consume(Network.AsSpan(0, length), arrival, measures);
            else Decrypt(Network.AsSpan(0, length), arrival, measures);
        }
        while (length == Network.Length && !IsOver);
    }

    /// <summary>A whole frame. What the kernel does not take at once is kept, and goes out before anything else.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        if (_tls is null)
        {
            Put(frame);
            return;
        }
        _tls.Write(frame);
        FlushTls();
    }

    /// <summary>The call is known: its connection is read with the others of its kind.</summary>
    public void Settle(int line) => _server.Settle(this, line);

    public void BeginsToAnswer() => _server.Answering(this);

    public void Retry()
    {
        if (_unsent.Length == 0) return;
        var waiting = _unsent;
        _unsent = [];
        Put(waiting);
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private void Decrypt(ReadOnlySpan<byte> data, long arrival, LiveMeasures measures)
    {
        _tls!.Feed(data);
        int length;
        while ((length = _tls.Read(Plain)) > 0) Consume(Plain.AsSpan(0, length), arrival, measures);
        if (length < 0) IsOver = true;
        FlushTls();
    }

    private void Consume(Span<byte> data, long arrival, LiveMeasures measures)
    {
        if (_restLength > 0)
        {
            Keep(data);
            data = _rest.AsSpan(0, _restLength);
        }
        var used = 0;
        while (used < data.Length && !IsOver)
        {
            var length = _upgraded ? TakeFrame(data[used..], arrival, measures) : TakeRequest(data[used..]);
            if (length == 0) break;
            used += length;
        }
        var left = data[used..];
        if (_restLength == 0)
        {
            if (left.Length > 0) Keep(left);
            return;
        }
        left.CopyTo(_rest);
        _restLength = left.Length;
        // Only the setup is long.
        if (_restLength == 0) _rest = [];
    }

    private int TakeRequest(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf("\r\n\r\n"u8);
        if (end < 0) return 0;
        Send(WebSocketFrames.Accept(data[..(end + 2)]));
        _upgraded = true;
        return end + 4;
    }

    private int TakeFrame(Span<byte> data, long arrival, LiveMeasures measures)
    {
        var length = WebSocketFrames.TryRead(data, out var opcode, out var payload);
        if (length == 0) return 0;
        if (opcode == WebSocketFrames.Text) _conversation.OnText(payload, arrival, measures);
        if (opcode == WebSocketFrames.Close)
        {
            Send(WebSocketFrames.Frame(WebSocketFrames.Close, payload));
            IsOver = true;
        }
        return length;
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        if (_rest.Length < _restLength + data.Length) Array.Resize(ref _rest, Math.Max(4096, 2 * (_restLength + data.Length)));
        data.CopyTo(_rest.AsSpan(_restLength));
        _restLength += data.Length;
    }

    private void FlushTls()
    {
        int length;
        while ((length = _tls!.TakeOutgoing(Outgoing)) > 0) Put(Outgoing.AsSpan(0, length));
    }

    private void Put(ReadOnlySpan<byte> data)
    {
        if (_unsent.Length > 0)
        {
            _unsent = [.. _unsent, .. data];
            return;
        }
        nint sent;
        fixed (byte* first = data) sent = DescriptorCalls.Send(_descriptor, first, (nuint)data.Length, LibC.MsgDontWait | LibC.MsgNoSignal);
        if (sent < 0 && Marshal.GetLastPInvokeError() != LibC.Eagain) IsOver = true;
        else if (sent < data.Length) _unsent = data[(int)Math.Max(0, sent)..].ToArray();
    }

    private int Receive(out long arrival)
    {
        fixed (byte* data = Network)
        fixed (long* control = Control)
        {
            var part = new LibC.Vector { Base = data, Length = (nuint)Network.Length };
            var message = new LibC.Message { Vectors = &part, VectorCount = 1, Control = control, ControlLength = ControlLength };
            var length = (int)DescriptorCalls.Receive(_descriptor, &message, LibC.MsgDontWait);
            arrival = length > 0 ? WallClock.StampOf(message) : 0;
            if (length < 0 && Marshal.GetLastPInvokeError() is not (LibC.Eagain or LibC.Eintr)) return 0;
            return length;
        }
    }
}
