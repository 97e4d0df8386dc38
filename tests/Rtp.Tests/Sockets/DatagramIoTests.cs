using System.Net;
using System.Net.Sockets;

namespace VoiceGateway.Rtp.Tests.Sockets;

public class DatagramIoTests
{
    public static TheoryData<bool> Both => LinuxDatagramIo.IsSupported ? [false, true] : [true];

    private static Socket Bound(IDatagramIo io)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        io.Prepare(socket);
        return socket;
    }

    private static async Task<int> ReceiveSome(IDatagramIo io, Socket socket, DatagramBatch batch)
    {
        var count = 0;
        await Until.True(() => (count = io.Receive(socket, batch)) != 0, "a datagram");
        return count;
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Receive_SeveralDatagrams_GivesContentAndSource(bool portable)
    {
        var io = DatagramIo.For(portable);
        var batch = new DatagramBatch();
        using var a = Bound(io);
        using var b = Bound(io);
        for (var i = 1; i <= 3; i++)
            Assert.True(io.Send(a, new byte[] { (byte)i, 2, 3 }.AsSpan(0, i), b.LocalEndPoint!.Serialize()));

        for (var seen = 0; seen < 3;)
        {
            var count = await ReceiveSome(io, b, batch);
            for (var i = 0; i < count; i++, seen++)
            {
                Assert.Equal(seen + 1, batch.Datagram(i).Length);
                Assert.Equal(seen + 1, batch.Datagram(i)[0]);
                Assert.Equal(TransportAddress.From((IPEndPoint)a.LocalEndPoint!), batch[i].Source);
                Assert.False(batch[i].IsCut);
            }
        }
        Assert.Equal(0, io.Receive(b, batch));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Receive_DatagramWithoutContent_IsTakenOut(bool portable)
    {
        var io = DatagramIo.For(portable);
        var batch = new DatagramBatch();
        using var a = Bound(io);
        using var b = Bound(io);
        io.Send(a, [], b.LocalEndPoint!.Serialize());
        io.Send(a, [42], b.LocalEndPoint!.Serialize());

        var lengths = new List<int>();
        while (lengths.Count < 2)
        {
            var count = await ReceiveSome(io, b, batch);
            for (var i = 0; i < count; i++)
                lengths.Add(batch.Datagram(i).Length);
        }
        Assert.Equal([0, 1], lengths);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Receive_PortUnreachable_IsAValueAndTheNextDatagramComes(bool portable)
    {
        // Only a connected socket is told on Linux; on other systems any is.
        var io = DatagramIo.For(portable);
        var batch = new DatagramBatch();
        var nobody = TestPorts.Nobody();
        using var socket = Bound(io);
        socket.Connect(nobody);
        io.Send(socket, [1], nobody.Serialize());

        // The Socket class shows the error only together with a datagram.
        using var somebody = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        somebody.Bind(nobody);
        somebody.SendTo([7], socket.LocalEndPoint!);
        var errors = 0;
        int count;
        while ((count = await ReceiveSome(io, socket, batch)) < 0)
            errors++;

        Assert.InRange(errors, 0, 1);
        Assert.Equal((1, (byte)7), (count, batch.Datagram(0)[0]));
        Assert.Equal(0, io.Receive(socket, batch));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Send_Refused_IsAValue(bool portable)
    {
        var io = DatagramIo.For(portable);
        using var socket = Bound(io);

        Assert.False(io.Send(socket, new byte[70_000], new IPEndPoint(IPAddress.Loopback, 9).Serialize()));
        // Bound to loopback: no way out to the world.
        Assert.False(io.Send(socket, [1], new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9).Serialize()));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Receive_MoreThanABatch_LeavesTheRest(bool portable)
    {
        var io = DatagramIo.For(portable);
        var batch = new DatagramBatch();
        using var a = Bound(io);
        using var b = Bound(io);
        for (var i = 0; i < 20; i++)
            io.Send(a, [(byte)i], b.LocalEndPoint!.Serialize());

        var seen = new List<byte>();
        while (seen.Count < 20)
        {
            var count = await ReceiveSome(io, b, batch);
            Assert.InRange(count, 1, DatagramBatch.Capacity);
            for (var i = 0; i < count; i++)
                seen.Add(batch.Datagram(i)[0]);
        }
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)i), seen);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Receive_OversizeDatagram_IsFlagged(bool portable)
    {
        if (portable && !OperatingSystem.IsLinux())
            return;
        var io = DatagramIo.For(portable);
        var batch = new DatagramBatch();
        using var a = Bound(io);
        using var b = Bound(io);
        io.Send(a, new byte[5000], b.LocalEndPoint!.Serialize());

        Assert.Equal(1, await ReceiveSome(io, b, batch));
        Assert.True(batch[0].IsCut);
    }

    [Fact]
    public async Task Receive_OnLinux_TellsHowLongTheDatagramWaited()
    {
        if (!LinuxDatagramIo.IsSupported)
            return;
        var io = LinuxDatagramIo.Instance;
        var batch = new DatagramBatch();
        using var a = Bound(io);
        using var b = Bound(io);

        // The kernel begins to stamp what arrives some time after the first socket has asked for it, and until then stamps what is read.
        var age = 0L;
        for (var tries = 0; tries < 100 && age < 30_000_000; tries++)
        {
            io.Send(a, [1], b.LocalEndPoint!.Serialize());
            await Task.Delay(60);
            Assert.Equal(1, await ReceiveSome(io, b, batch));
            age = batch[0].AgeNanoseconds;
        }
        if (age < 1_000_000_000)
            Assert.InRange(age, 30_000_000, 1_000_000_000);
    }
}
