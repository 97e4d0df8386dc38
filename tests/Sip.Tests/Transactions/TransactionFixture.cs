using System.Text;

namespace VoiceGateway.Sip.Tests.Transactions;

/// <summary>What a transaction needs, with time standing still.</summary>
internal sealed class TransactionFixture
{
    public TransactionFixture() =>
        Context = new TransactionContext(Time, new SipTimerOptions(), Counters, Table);

    public FakeTime Time { get; } = new();

    public SipCounters Counters { get; } = new();

    public TransactionTable Table { get; } = new();

    public TransactionContext Context { get; }

    public List<Exception> Faults { get; } = [];

    public Mailbox NewMailbox() => new(Faults.Add);

    public static SipRequest Request(string method, string branch = "z9hG4bKabc", string via = "SIP/2.0/UDP 192.0.2.2:5060", string toTag = "", uint cseq = 1)
    {
        var text = $"""
            {method} sip:bob@192.0.2.1 SIP/2.0
            Via: {via};branch={branch}
            Max-Forwards: 70
            From: <sip:alice@192.0.2.2>;tag=from1
            To: <sip:bob@192.0.2.1>{(toTag.Length > 0 ? ";tag=" + toTag : "")}
            Call-ID: call-1
            CSeq: {cseq} {method}
            Contact: <sip:alice@192.0.2.2>
            Content-Length: 0


            """;
        return (SipRequest)Parse(text);
    }

    public static SipMessage Parse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
        var result = SipParser.TryParse(bytes, SipLimits.Default, out var message, out var error);
        Assert.True(result == SipParseResult.Message, $"{result}: {error}");
        return message!;
    }
}
