using System.Text;
using BenchmarkDotNet.Attributes;

namespace VoiceGateway.Sip.Benchmarks;

/// <summary>
/// Whole server transactions, from the bytes of the request to the bytes of the answer, without sockets: parser, guard, transaction table,
/// user agent. Transactions a second on one core are a second divided by the mean.
/// </summary>
[MemoryDiagnoser]
public class TransactionBenchmarks : ISipCallHandler, IAsyncDisposable
{
    private const string Branch = "z9hG4bK";
    private readonly SilentFlow _flow = new();
    private readonly SipStack _stack;
    private readonly byte[] _options;
    private readonly byte[] _invite;
    private readonly byte[] _ack;
    private long _number;

    public TransactionBenchmarks()
    {
        _stack = new SipStack(new SipEndpointOptions { Guard = null, OnFault = e => throw e }, this);
        _options = Request("OPTIONS");
        _invite = TrunkInvite.Bytes;
        _ack = Request("ACK");
    }

    public void OnInvite(SipCall call) => call.Reject(486);

    /// <summary>The least: the same bytes parsed, answered and written, without a transaction.</summary>
    [Benchmark(Baseline = true)]
    public int ParseAndAnswer()
    {
        SipParser.TryParse(Numbered(_options), SipLimits.Default, out var message, out _);
        return ((SipRequest)message!).CreateResponse(200, toTag: "gateway").ToBytes().Length;
    }

    [Benchmark]
    public int Options()
    {
        _stack.OnMessage(Numbered(_options), _flow);
        return _flow.Sent;
    }

    /// <summary>INVITE of 1.2 kB, 100, the handler's 486, ACK: a call that is refused.</summary>
    [Benchmark]
    public int InviteRefused()
    {
        var number = _number;
        _stack.OnMessage(Numbered(_invite), _flow);
        _number = number;
        _stack.OnMessage(Numbered(_ack), _flow);
        if (_stack.Transactions.Table.Count > 0)
            throw new InvalidOperationException("The transaction lingers.");
        return _flow.Sent;
    }

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    /// <summary>Another branch and Call-ID each time: the digits behind the cookie, and the first of the Call-ID.</summary>
    private byte[] Numbered(byte[] message)
    {
        _number++;
        Write(message, message.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Branch)) + Branch.Length);
        Write(message, message.AsSpan().IndexOf("Call-ID: "u8) + 9);
        return message;
    }

    private void Write(byte[] message, int at)
    {
        for (var (i, rest) = (7, _number); i >= 0; i--, rest /= 10)
            message[at + i] = (byte)('0' + (rest % 10));
    }

    /// <summary>With the identity of the trunk's INVITE, so that an ACK belongs to it.</summary>
    private static byte[] Request(string method) => Encoding.ASCII.GetBytes(
        $"{method} sip:+493012345678@sbc.gateway.example.net:5060;user=phone SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.17:5060;branch={Branch}0gk8vs30f0k0s1n0s6o1.1;rport\r\n" +
        "From: \"+4989555123\" <sip:+4989555123@trunk.example.com;user=phone>;tag=SDk7b9f01-a6fc3d\r\nTo: <sip:+493012345678@sbc.gateway.example.net;user=phone>\r\n" +
        $"Call-ID: SDk7b9f01-3f3a5d66c1e24a1f9a5b-v300@198.51.100.17\r\nCSeq: 102 {method}\r\nMax-Forwards: 66\r\nContent-Length: 0\r\n\r\n");
}
