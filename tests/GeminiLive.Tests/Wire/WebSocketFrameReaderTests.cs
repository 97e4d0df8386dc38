using System.Net.WebSockets;
using System.Text;

namespace VoiceGateway.GeminiLive.Tests;

public sealed class WebSocketFrameReaderTests : IDisposable
{
    private readonly CountingPool _pool = new();
    private readonly PooledBuffer _message;
    private readonly WebSocketFrameReader _reader = new();
    private readonly List<string> _read = [];

    public WebSocketFrameReaderTests() => _message = new PooledBuffer(_pool, 64);

    public static TheoryData<string, string> Violations => ServerFrames.Violations;

    public void Dispose()
    {
        _message.Dispose();
        Assert.Equal((0, 0), (_pool.Outstanding, _pool.ReturnedWrongly));
    }

    // RFC 6455 section 5.7.
    [Theory]
    [InlineData("810548656C6C6F", "Text Hello")]
    [InlineData("010348656C" + "80026C6F", "Text Hello")]
    [InlineData("890548656C6C6F", "Ping Hello")]
    [InlineData("0100" + "890148" + "0000" + "8A00" + "800148", "Ping H|Pong |Text H")]
    [InlineData("8100" + "8200", "Text |Binary ")]
    [InlineData("880203E8", "Close \u0003\uFFFD")]
    public void Frames_InOnePieceAndByteByByte_AreTheSame(string hex, string expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Feed([bytes]);
        Assert.Equal(expected, string.Join('|', _read));
        _read.Clear();
        Feed(bytes.Select(one => new[] { one }));
        Assert.Equal(expected, string.Join('|', _read));
    }

    [Theory]
    [InlineData(256, "827E0100")]
    [InlineData(65_536, "827F0000000000010000")]
    public void BinaryMessage_OfTheRfc_IsTakenWhole(int length, string head)
    {
        Feed([[.. Convert.FromHexString(head), .. Enumerable.Repeat((byte)'x', length)]]);
        Assert.Equal("Binary " + new string('x', length), Assert.Single(_read));
    }

    // Longer forms than need be are the sender's fault (section 5.2), and leave no doubt about what is meant.
    [Theory]
    [InlineData("817E000178")]
    [InlineData("817F000000000000000178")]
    public void Length_InALongerForm_IsRead(string hex)
    {
        Feed([Convert.FromHexString(hex)]);
        Assert.Equal("Text x", Assert.Single(_read));
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public void Violation_InOnePieceAndByteByByte_IsNoticed(string hex, string what)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var fault = Assert.Throws<FrameViolationException>(() => Feed([bytes]));
        Assert.Equal(WebSocketCloseStatus.ProtocolError, fault.Status);
        Assert.Contains(what, fault.Message);
        Assert.Contains("RFC 6455 5.", fault.Message);

        _message.Clear();
        var again = Assert.Throws<FrameViolationException>(() => Feed(bytes.Select(one => new[] { one }), new WebSocketFrameReader()));
        Assert.Equal(fault.Message, again.Message);
    }

    [Theory]
    [InlineData("8102C328")]
    [InlineData("0101C3" + "800128")]
    [InlineData("8101C3")]
    public void Text_NotUtf8_IsInvalidPayload(string hex)
    {
        var fault = Assert.Throws<FrameViolationException>(() => Feed([Convert.FromHexString(hex)]));
        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, fault.Status);
    }

    [Fact]
    public void Utf8_SplitInsideACharacterAndBinary_AreTaken()
    {
        Feed([Convert.FromHexString("0101C3" + "8001BC" + "8201FF")]);
        Assert.Equal("Text ü|Binary \uFFFD", string.Join('|', _read));
    }

    [Fact]
    public void Length_Announced_ReservesNoMoreThanAUsualMessage()
    {
        Feed([Convert.FromHexString("817F7FFFFFFFFFFFFFFF7878")]);
        Assert.Empty(_read);
        Assert.Equal(2, _message.Length);
        Assert.InRange(_pool.LargestRented, 1, 24 * 1024);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Frames_AtRandomInRandomPieces_AreWhatWasSent(int seed)
    {
        var random = new Random(seed);
        var expected = new List<string>();
        var bytes = new List<byte>();
        for (int i = 0; i < 400; i++)
        {
            byte[] payload = Text(random, random.Next(10) == 0 ? random.Next(70_000) : random.Next(300));
            int opcode = random.Next(1, 3);
            int fragments = random.Next(3) == 0 ? random.Next(1, 6) : 1;
            int at = 0;
            for (int fragment = 1; fragment <= fragments; fragment++)
            {
                int count = fragment == fragments ? payload.Length - at : random.Next(payload.Length - at + 1);
                bytes.AddRange(ServerFrames.Frame(fragment == 1 ? opcode : 0, payload.AsSpan(at, count), fragment == fragments));
                at += count;
                if (fragment == fragments || random.Next(3) > 0) continue;
                byte[] control = Text(random, random.Next(126));
                int kind = random.Next(2) == 0 ? 9 : 10;
                bytes.AddRange(ServerFrames.Frame(kind, control));
                expected.Add($"{(WebSocketOpcode)kind} {Encoding.UTF8.GetString(control)}");
            }

            expected.Add($"{(WebSocketOpcode)opcode} {Encoding.UTF8.GetString(payload)}");
        }

        var pieces = new List<byte[]>();
        for (int at = 0; at < bytes.Count;)
        {
            int count = Math.Min(random.Next(4) == 0 ? random.Next(1, 20_000) : random.Next(1, 200), bytes.Count - at);
            pieces.Add([.. bytes.Slice(at, count)]);
            at += count;
        }

        Feed(pieces);
        Assert.Equal(expected, _read);
    }

    private static byte[] Text(Random random, int length)
    {
        var text = new byte[length];
        for (int i = 0; i < length; i++) text[i] = (byte)random.Next(32, 127);
        return text;
    }

    private void Feed(IEnumerable<byte[]> pieces, WebSocketFrameReader? reader = null)
    {
        byte[] input = [];
        foreach (byte[] piece in pieces)
        {
            input = [.. input, .. piece];
            int used;
            while ((reader ?? _reader).TryRead(input, _message, out used, out ReceivedFrame frame))
            {
                input = input[used..];
                if (frame.Opcode >= WebSocketOpcode.Close) _read.Add($"{frame.Opcode} {Encoding.UTF8.GetString(frame.Control.Span)}");
                else if (frame.EndOfMessage)
                {
                    _read.Add($"{frame.Opcode} {Encoding.UTF8.GetString(_message.Written)}");
                    _message.Clear();
                }
            }

            input = input[used..];
        }
    }
}
