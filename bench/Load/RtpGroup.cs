using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VoiceGateway.Rtp;

namespace VoiceGateway.Load;

/// <summary>
/// Up to 25 calls that share a pair of ports on this side and a moment of the 20 ms: one system call sends for all of them, one reads
/// what came for all of them. The gateway's ports tell them apart. Its arrays lie outside of the managed heap, as the kernel wants them.
/// </summary>
internal sealed unsafe class RtpGroup : IDisposable
{
    public const int Capacity = 25;

    private const int HeaderLength = 12;
    private const int AddressLength = 16;
    private const int ReadAtOnce = 64;
    private const int BufferLength = 512;
    private const int ControlLength = 64;
    private const int ReceiveBufferBytes = 2 * 1024 * 1024;

    private readonly Socket _rtp;
    private readonly Socket _rtcp;
    private readonly int _descriptor;
    private readonly RtpLine?[] _lines = new RtpLine?[Capacity];
    private readonly Dictionary<int, RtpLine> _byPort = [];
    private readonly LibC.MultipleMessage* _outgoing = Allocate<LibC.MultipleMessage>(Capacity);
    private readonly LibC.Vector* _parts = Allocate<LibC.Vector>(2 * Capacity);
    private readonly byte* _headers = Allocate<byte>(HeaderLength * Capacity);
    private readonly byte* _addresses = Allocate<byte>(AddressLength * Capacity);
    private readonly LibC.MultipleMessage* _incoming = Allocate<LibC.MultipleMessage>(ReadAtOnce);
    private readonly LibC.Vector* _buffers = Allocate<LibC.Vector>(ReadAtOnce);
    private readonly byte* _data = Allocate<byte>(ReadAtOnce * BufferLength);
    private readonly byte* _sources = Allocate<byte>(ReadAtOnce * AddressLength);
    private readonly byte* _control = Allocate<byte>(ReadAtOnce * ControlLength);
    private int _count;

    public RtpGroup(IPAddress address)
    {
        (_rtp, _rtcp) = BindPair(address);
        _descriptor = (int)_rtp.Handle;
        _rtp.SetRawSocketOption(LibC.SolSocket, LibC.SoTimestampNs, BitConverter.GetBytes(1));
        try
        {
            _rtp.SetRawSocketOption(LibC.SolSocket, DescriptorCalls.SoReceiveBufferForce, BitConverter.GetBytes(ReceiveBufferBytes));
        }
        catch (SocketException)
        {
            // Not root: as much as everybody gets.
            _rtp.ReceiveBufferSize = ReceiveBufferBytes;
        }
        for (var i = 0; i < ReadAtOnce; i++)
        {
            _buffers[i] = new() { Base = _data + (i * BufferLength), Length = BufferLength };
            _incoming[i].Header = new()
            {
                Name = _sources + (i * AddressLength), Vectors = _buffers + i, VectorCount = 1, Control = _control + (i * ControlLength),
            };
        }
    }

    public int Port => ((IPEndPoint)_rtp.LocalEndPoint!).Port;

    /// <summary>The load thread only. From now on the line is sent and heard.</summary>
    public void Add(RtpLine line, IPEndPoint remote)
    {
        var i = _count;
        _lines[i] = line;
        _byPort[remote.Port] = line;
        var address = new Span<byte>(_addresses + (i * AddressLength), AddressLength);
        address.Clear();
        BitConverter.TryWriteBytes(address, (ushort)AddressFamily.InterNetwork);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)remote.Port);
        remote.Address.TryWriteBytes(address[4..], out _);
        var header = new Span<byte>(_headers + (i * HeaderLength), HeaderLength);
        header.Clear();
        header[0] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(header[8..], Random.Shared.Next());
        _parts[2 * i] = new() { Base = _headers + (i * HeaderLength), Length = HeaderLength };
        _outgoing[i].Header = new() { Name = _addresses + (i * AddressLength), NameLength = AddressLength, Vectors = _parts + (2 * i), VectorCount = 2 };
        _count++;
    }

    /// <summary>The load thread only. Nothing more is sent to a port that is closed by now.</summary>
    public void Remove(RtpLine line)
    {
        var i = Array.IndexOf(_lines, line, 0, _count);
        if (i < 0) return;
        var last = --_count;
        _lines[i] = _lines[last];
        _lines[last] = null;
        Buffer.MemoryCopy(_addresses + (last * AddressLength), _addresses + (i * AddressLength), AddressLength, AddressLength);
        Buffer.MemoryCopy(_headers + (last * HeaderLength), _headers + (i * HeaderLength), HeaderLength, HeaderLength);
        _byPort.Remove(_byPort.First(entry => entry.Value == line).Key);
    }

    public void Send(CallerTrack track, MediaMeasures measures)
    {
        if (_count == 0) return;
        var now = WallClock.Now;
        for (var i = 0; i < _count; i++) Prepare(i, track, now);
        for (var sent = 0; sent < _count;)
        {
            var done = DescriptorCalls.SendMessages(_descriptor, _outgoing + sent, (uint)(_count - sent), LibC.MsgDontWait | LibC.MsgNoSignal);
            measures.Sent += Math.Max(0, done);
            // An error is the first packet's: a port that is closed, or a full queue.
            if (done <= 0) measures.NotSent++;
            sent += Math.Max(1, done);
        }
    }

    public void Receive(MediaMeasures measures)
    {
        int count;
        do
        {
            for (var i = 0; i < ReadAtOnce; i++)
            {
                _incoming[i].Header.NameLength = AddressLength;
                _incoming[i].Header.ControlLength = ControlLength;
            }
            count = DescriptorCalls.ReceiveMessages(_descriptor, _incoming, ReadAtOnce, LibC.MsgDontWait, null);
            for (var i = 0; i < count; i++)
            {
                var port = BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(_sources + (i * AddressLength) + 2, 2));
                if (!_byPort.TryGetValue(port, out var line)) continue;
                var stamp = WallClock.StampOf(_incoming[i].Header);
                line.Arrivals.OnPacket(
                    new ReadOnlySpan<byte>(_data + (i * BufferLength), (int)_incoming[i].Length), stamp != 0 ? stamp : WallClock.Now, line.Marks, measures);
            }
        }
        while (count == ReadAtOnce);
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        foreach (var memory in (ReadOnlySpan<nint>)[(nint)_outgoing, (nint)_parts, (nint)_headers, (nint)_addresses, (nint)_incoming, (nint)_buffers, (nint)_data, (nint)_sources, (nint)_control])
            NativeMemory.Free((void*)memory);
    }

    private void Prepare(int i, CallerTrack track, long now)
    {
        var line = _lines[i]!;
        var speaks = line.Script.Next(out var utterance, out var frame);
        var begins = speaks && !line.WasSpeaking;
        line.WasSpeaking = speaks;
        if (begins) line.Marks.CallerBegan(now);
        var header = new Span<byte>(_headers + (i * HeaderLength), HeaderLength);
        header[1] = (byte)(begins ? 0x80 : 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], line.Sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], line.Timestamp);
        line.Timestamp += (uint)CallerTrack.PayloadLength;
        _parts[(2 * i) + 1] = new() { Base = speaks ? track.Speech(utterance, frame) : track.Silence, Length = (nuint)CallerTrack.PayloadLength };
    }

    private static T* Allocate<T>(int count) where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));

    /// <summary>An even port and the odd one above it (RFC 3550 section 11); nobody reads what comes to that one.</summary>
    private static (Socket Rtp, Socket Rtcp) BindPair(IPAddress address)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var rtp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var rtcp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                rtp.Bind(new IPEndPoint(address, 0));
                var port = ((IPEndPoint)rtp.LocalEndPoint!).Port;
                if (port % 2 == 0)
                {
                    rtcp.Bind(new IPEndPoint(address, port + 1));
                    return (rtp, rtcp);
                }
            }
            catch (SocketException)
            {
                // The odd one is somebody else's.
            }
            rtp.Dispose();
            rtcp.Dispose();
        }
        throw new InvalidOperationException("there is no free pair of ports");
    }
}
