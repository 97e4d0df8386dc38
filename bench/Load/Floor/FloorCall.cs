using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VoiceGateway.Rtp;

namespace VoiceGateway.Load;

/// <summary>A call of the floor: a UDP socket and a TCP connection, and as many system calls as its packets need.</summary>
internal sealed unsafe class FloorCall : IDisposable
{
    private const int AddressLength = 16;
    private const int FrameMs = 20;
    private const uint SamplesPerFrame = 160;
    private const byte Silence = 0xFF;

    // Shared by all calls: one thread reads and writes them all. What is in it matters to nobody.
    private static readonly byte[] Buffer = GC.AllocateArray<byte>(64 * 1024, pinned: true);

    private readonly Socket _rtp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _live = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _packet = GC.AllocateArray<byte>(FloorPackets.RtpLength, pinned: true);
    private readonly byte[] _caller = GC.AllocateArray<byte>(AddressLength, pinned: true);
    private readonly int _framesPerMessage;
    private readonly int _messageLength;
    private uint _callerLength;
    private ushort _sequence;
    private uint _timestamp;
    private int _frames;

    /// <param name="live">Where the Live side listens.</param>
    /// <param name="chunkMs">Audio in a message to it.</param>
    public FloorCall(IPEndPoint live, int chunkMs)
    {
        (_framesPerMessage, _messageLength) = (chunkMs / FrameMs, FloorPackets.Uplink(chunkMs));
        _packet.AsSpan().Fill(Silence);
        _packet[0] = 0x80;
        _packet[1] = 0;
        _rtp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _live.Connect(live);
    }

    public Socket Rtp => _rtp;

    public Socket Live => _live;

    public int Port => ((IPEndPoint)_rtp.LocalEndPoint!).Port;

    /// <summary>One packet to where the caller's come from.</summary>
    public void Send()
    {
        if (_callerLength == 0) return;
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _timestamp);
        _timestamp += SamplesPerFrame;
        fixed (byte* packet = _packet)
        fixed (byte* caller = _caller)
            _ = LibC.SendTo(_rtp.SafeHandle, packet, (nuint)_packet.Length, LibC.MsgDontWait | LibC.MsgNoSignal, caller, _callerLength);
    }

    /// <summary>A packet from the caller has come; with the last of a message something goes to the Live side.</summary>
    public void OnRtp()
    {
        fixed (byte* buffer = Buffer)
        fixed (byte* caller = _caller)
        {
            var part = new LibC.Vector { Base = buffer, Length = (nuint)Buffer.Length };
            var message = new LibC.Message { Name = caller, NameLength = AddressLength, Vectors = &part, VectorCount = 1 };
            if (DescriptorCalls.Receive((int)_rtp.Handle, &message, LibC.MsgDontWait) <= 0) return;
            _callerLength = message.NameLength;
            if (++_frames % _framesPerMessage == 0)
                _ = DescriptorCalls.Send((int)_live.Handle, buffer, (nuint)_messageLength, LibC.MsgDontWait | LibC.MsgNoSignal);
        }
    }

    /// <returns>False: the Live side has hung up.</returns>
    public bool OnLive()
    {
        fixed (byte* buffer = Buffer)
        {
            var length = DescriptorCalls.Receive((int)_live.Handle, buffer, (nuint)Buffer.Length, LibC.MsgDontWait);
            return length > 0 || (length < 0 && Marshal.GetLastPInvokeError() is LibC.Eagain or LibC.Eintr);
        }
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _live.Dispose();
    }
}
