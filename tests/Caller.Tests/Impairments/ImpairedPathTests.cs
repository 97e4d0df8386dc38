using System.Net;
using System.Net.Sockets;
using VoiceGateway.Rtp;

namespace VoiceGateway.Caller.Tests;

public sealed class ImpairedPathTests : IDisposable
{
    private readonly Socket _caller = Open();
    private readonly Socket _gateway = Open();

    [Fact]
    public void Path_LossAndDuplicates_BringsTheOthersAndTellsWhichWereLost()
    {
        using var path = new ImpairedPath(IPAddress.Loopback, new() { LossPercent = 20, DuplicatePercent = 10 });
        var near = path.Towards((IPEndPoint)_gateway.LocalEndPoint!);
        // No more than a socket holds while nobody reads.
        for (var n = 0; n < 150; n++) _caller.SendTo(Packet(n), near);

        var arrived = Receive(_gateway, until: soFar => path.Lost is { Count: 150 } all && soFar.Select(static p => p.Number).Distinct().Count() == all.Count(static l => !l));
        var lost = path.Lost;
        Assert.Equal(150, lost.Count);
        Assert.InRange(lost.Count(static l => l), 12, 55);
        Assert.Equal(Enumerable.Range(0, 150).Where(n => !lost[n]), arrived.Select(static p => p.Number).Distinct().Order());
        Assert.InRange(arrived.Count - arrived.Select(static p => p.Number).Distinct().Count(), 2, 30);
    }

    [Fact]
    public void Path_Answers_ComeBackUntouched()
    {
        using var path = new ImpairedPath(IPAddress.Loopback, new() { LossPercent = 100 });
        var near = path.Towards((IPEndPoint)_gateway.LocalEndPoint!);
        // Not RTP: no packet of the voice, and not lost.
        _caller.SendTo([1, 2, 3], near);
        var buffer = new byte[100];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(3, _gateway.ReceiveFrom(buffer, ref from));
        for (var n = 0; n < 20; n++) _gateway.SendTo(Packet(n), from);
        Assert.Equal(20, Receive(_caller, until: static came => came.Count >= 20).Count);
    }

    [Fact]
    public void Path_JitterThatOvertakes_ReordersAndJitterInOrderDoesNot()
    {
        Assert.False(InOrder(new() { Jitter = TimeSpan.FromMilliseconds(30) }));
        Assert.True(InOrder(new() { Jitter = TimeSpan.FromMilliseconds(30), KeepOrder = true }));

        bool InOrder(Impairments network)
        {
            using var path = new ImpairedPath(IPAddress.Loopback, network);
            var near = path.Towards((IPEndPoint)_gateway.LocalEndPoint!);
            for (var n = 0; n < 100; n++) _caller.SendTo(Packet(n), near);
            var numbers = Receive(_gateway, until: static came => came.Count >= 100).Select(static p => p.Number).ToList();
            Assert.Equal(100, numbers.Count);
            return numbers.SequenceEqual(numbers.Order());
        }
    }

    [Fact]
    public void Path_Stranger_SendsFromElsewhere()
    {
        using var path = new ImpairedPath(IPAddress.Loopback, new() { StrangerPackets = 200 });
        _caller.SendTo(Packet(1), path.Towards((IPEndPoint)_gateway.LocalEndPoint!));
        Assert.Equal(0xCAFEu, Assert.Single(Receive(_gateway, most: 1)).Ssrc);
        var arrived = Receive(_gateway, most: 20);
        Assert.Equal(20, arrived.Count);
        Assert.All(arrived, static p => Assert.Equal(0xBADu, p.Ssrc));
    }

    [Fact]
    public void Forge_NewStream_ChangesAllThatBeginsAnewAndNothingElse()
    {
        var forger = new StreamForger(TimeSpan.FromSeconds(1), TimeSpan.Zero, new Random(1));
        var before = Forged(5, 0.5);
        var after = Forged(6, 1.5);
        var next = Forged(7, 1.6);
        Assert.Equal((5, 5u * 160, 0xCAFEu), (before.Number, before.Timestamp, before.Ssrc));
        Assert.NotEqual(before.Ssrc, after.Ssrc);
        Assert.Equal((after.Ssrc, (ushort)(after.Number + 1), after.Timestamp + 160), (next.Ssrc, (ushort)next.Number, next.Timestamp));

        Arrived Forged(int number, double seconds)
        {
            var packet = Packet(number);
            forger.Forge(packet, TimeSpan.FromSeconds(seconds));
            return Read(packet);
        }
    }

    public void Dispose()
    {
        _caller.Dispose();
        _gateway.Dispose();
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000, ReceiveBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static byte[] Packet(int number)
    {
        var packet = new byte[RtpPacket.HeaderLength + 160];
        RtpPacket.Write(packet, 0, false, (ushort)number, (uint)(number * 160), 0xCAFE, new byte[160]);
        return packet;
    }

    // Until nothing more comes for a third of a second; for longer before all that should have come.
    private static List<Arrived> Receive(Socket socket, int most = int.MaxValue, Func<List<Arrived>, bool>? until = null)
    {
        var arrived = new List<Arrived>();
        var buffer = new byte[2048];
        while (arrived.Count < most && socket.Poll(arrived.Count == 0 || most < int.MaxValue || until?.Invoke(arrived) == false ? 10_000_000 : 333_000, SelectMode.SelectRead))
            arrived.Add(Read(buffer.AsSpan(0, socket.Receive(buffer))));
        return arrived;
    }

    private static Arrived Read(ReadOnlySpan<byte> datagram)
    {
        Assert.True(RtpPacket.TryParse(datagram, out var packet));
        return new Arrived(packet.SequenceNumber, packet.Timestamp, packet.Ssrc);
    }

    private sealed record Arrived(int Number, uint Timestamp, uint Ssrc);
}
