using System.Buffers.Binary;
using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class WebSocketFrameTests
{
    // RFC 6455 section 5.7.
    private static readonly uint ExampleKey = BinaryPrimitives.ReadUInt32LittleEndian([0x37, 0xFA, 0x21, 0x3D]);

    public static TheoryData<int> Lengths => [0, 1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 124, 125, 126, 127, 128, 920, 65_534, 65_535, 65_536, 65_537, 1_000_003];

    [Theory]
    [InlineData(WebSocketOpcode.Text, "818537FA213D7F9F4D5158")]
    [InlineData(WebSocketOpcode.Pong, "8A8537FA213D7F9F4D5158")]
    internal void Hello_OfTheRfc_IsThatOfTheRfc(WebSocketOpcode opcode, string expected)
    {
        byte[] buffer = [.. new byte[WebSocketFrame.Room], .. "Hello"u8];
        Assert.Equal(expected, Convert.ToHexString(WebSocketFrame.Seal(opcode, buffer, ExampleKey).Span));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Frame_AnyLength_IsReadByWhomItIsFor(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        byte[] buffer = [.. new byte[WebSocketFrame.Room], .. payload];

        ReadOnlyMemory<byte> sealedFrame = WebSocketFrame.Seal(WebSocketOpcode.Binary, buffer, ExampleKey);

        ClientFrame frame = ClientFrame.Read(sealedFrame.Span, out int read);
        Assert.Equal((sealedFrame.Length, WebSocketOpcode.Binary, 0x37FA213Du), (read, frame.Opcode, frame.Key));
        Assert.Equal(payload, frame.Payload);
        Assert.True(sealedFrame.Span.Overlaps(buffer, out int start));
        Assert.Equal(buffer.Length, sealedFrame.Length - start);
    }

    [Fact]
    public void Mask_AnyLengthFromAnyAddress_IsThatOfTheRfc()
    {
        var random = new Random(1);
        var bytes = new byte[400];
        for (int length = 0; length <= 300; length++)
        {
            for (int from = 0; from < 9; from++)
            {
                random.NextBytes(bytes);
                byte[] expected = [.. bytes];
                uint key = (uint)random.NextInt64(1L << 32);
                for (int i = 0; i < length; i++) expected[from + i] ^= (byte)(key >> (8 * (i % 4)));
                WebSocketMask.Apply(bytes.AsSpan(from, length), key);
                Assert.Equal(expected, bytes);
            }
        }
    }

    [Fact]
    public void Keys_EachOne_IsGivenOnce()
    {
        uint made = 0;
        var keys = new MaskingKeys(block =>
        {
            for (int i = 0; i < block.Length; i++) block[i] = made++;
        });
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (uint)i), Enumerable.Range(0, 1000).Select(_ => keys.Next()));
        Assert.InRange(made, 1000u, 1100u);
    }

    [Fact]
    public void Keys_OfTwoThreads_HaveNothingInCommon()
    {
        var all = new HashSet<uint>();
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            uint[] keys = [.. Enumerable.Range(0, 200).Select(_ => MaskingKeys.OfThread.Next())];
            lock (all) all.UnionWith(keys);
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();

        // By chance, two of them are the same once in 50,000 runs, four of them never.
        Assert.InRange(all.Count, 398, 400);
    }

    [Fact]
    public void Control_Message_HasRoomInFront()
    {
        var pool = new CountingPool();
        foreach (PooledBuffer message in (PooledBuffer[])[ControlMessages.ActivityEnd(pool), ControlMessages.Text(pool, new string('x', 100_000))])
        {
            using (message)
            {
                string json = Encoding.UTF8.GetString(message.Written);
                ReadOnlyMemory<byte> frame = WebSocketFrame.Seal(WebSocketOpcode.Text, message.WithRoom, ExampleKey);
                Assert.Equal(json, Encoding.UTF8.GetString(ClientFrame.Read(frame.Span, out _).Payload));
            }
        }

        Assert.Equal((0, 0), (pool.Outstanding, pool.ReturnedWrongly));
    }
}
