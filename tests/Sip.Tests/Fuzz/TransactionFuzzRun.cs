using System.Net;
using System.Text;
using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>One random sequence: what each step does is drawn from its number.</summary>
internal sealed class TransactionFuzzRun
{
    private const int MaxTransactions = 12;
    private const int MaxCalls = 3;

    private static readonly string[] Methods =
        ["INVITE", "INVITE", "INVITE", "ACK", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "NOTIFY", "REGISTER", "PRACK", "UPDATE", "REFER", "MESSAGE", "SUBSCRIBE", "WHATEVER"];

    private static readonly int[] Statuses = [100, 180, 183, 199, 200, 200, 200, 202, 302, 401, 407, 408, 422, 481, 486, 487, 491, 500, 503, 603];

    // Without INVITE: a call whose Contact became a name would have to be looked up, and that takes time that is not ours to move.
    private static readonly byte[][] Malformable =
        [.. new[] { "OPTIONS", "BYE", "CANCEL", "ACK", "INFO", "REGISTER" }.Select(method => Encoding.UTF8.GetBytes(StackFixture.Request(method)))];

    private readonly StackFixture _fixture = new(configure: options => options with { MaxTransactions = MaxTransactions, MaxCalls = MaxCalls }, additionalMethods: ["INFO", "MESSAGE"]);
    private readonly CancellationTokenSource _stop = new();
    private readonly MemoryFlow[] _peers;
    private readonly List<byte[]> _sent = [];
    private readonly List<SipRequest> _asked = [];
    private readonly List<Task<SipCallResult>> _placed = [];
    private readonly StringBuilder _diary = new();
    private long _received;

    public TransactionFuzzRun() =>
        _peers = [_fixture.From, _fixture.Transport.FlowFrom(new IPEndPoint(IPAddress.Parse("192.0.2.3"), 5080))];

    /// <summary>What happened, for who reads of a failure.</summary>
    public string Diary => _diary.ToString();

    public void Play(int[] steps)
    {
        foreach (var step in steps)
        {
            Do(new Random(step));
            Collect();
            var ours = _fixture.Endpoint.Counters[SipCounter.RequestsSent];

            // What belongs to running calls has a quarter more.
            Assert.InRange(_fixture.Endpoint.ActiveTransactions, 0, MaxTransactions + (MaxTransactions / 4) + 1 + ours);
            Assert.InRange(_fixture.Endpoint.ActiveCalls, 0, MaxCalls + _fixture.Endpoint.Counters[SipCounter.OutgoingCalls]);
        }
    }

    /// <summary>The peers fall silent, the application lets go, and time passes.</summary>
    public IReadOnlyDictionary<SipCounter, long> Finish()
    {
        _stop.Cancel();
        foreach (var call in _fixture.Handler.Calls)
        {
            call.Reject(480);
            _ = call.HangUpAsync();
        }

        _fixture.Time.Advance(TimeSpan.FromSeconds(200));
        foreach (var placed in _placed)
            _ = placed.WaitAsync(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult().Call?.HangUpAsync();
        _fixture.Time.Advance(TimeSpan.FromSeconds(200));
        Collect();
        Assert.Equal((0, 0, 0), (_fixture.Endpoint.ActiveTransactions, _fixture.Endpoint.ActiveCalls, _fixture.Time.ActiveTimers));
        Assert.Empty(_fixture.Faults);
        var counters = _fixture.Endpoint.Counters;
        Assert.Equal(
            _received,
            counters[SipCounter.RequestsReceived] + counters[SipCounter.ResponsesReceived] + counters[SipCounter.KeepAlivesReceived]
                + counters[SipCounter.MalformedRejected] + counters[SipCounter.MalformedDropped]
                + counters[SipCounter.RateLimited] + counters[SipCounter.StatelessRefusalsAcknowledged]);
        Assert.Equal(0, counters[SipCounter.Faults]);
        _fixture.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stop.Dispose();
        return counters.Snapshot();
    }

    private void Do(Random random)
    {
        switch (random.Next(20))
        {
            case < 9:
                Request(random);
                break;
            case < 12:
                Response(random);
                break;
            case 12 when _sent.Count > 0:
                Deliver(_sent[random.Next(_sent.Count)], random);
                break;
            case 13:
                Deliver(new MutatedBytes(Malformable, random.Next(Malformable.Length), [random.Next(), random.Next()]).ToBytes(), random);
                break;
            case 14:
                Deliver(random.Next(2) == 0 ? "\r\n\r\n"u8.ToArray() : [0, 0, 0, 0], random);
                break;
            case < 17:
                var milliseconds = random.Next(4) == 0 ? random.Next(40_000) : random.Next(2_000);
                _diary.AppendLine($"-- {milliseconds} ms");
                _fixture.Time.Advance(milliseconds);
                break;
            case 17:
                _diary.AppendLine("-- the application calls");
                _placed.Add(_fixture.Endpoint.CallAsync(_fixture.Outgoing(lateOffer: random.Next(3) == 0), _stop.Token));
                break;
            default:
                Act(random);
                break;
        }
    }

    private void Request(Random random)
    {
        var method = Methods[random.Next(Methods.Length)];
        var callId = $"c{random.Next(4)}";
        var cseq = (uint)random.Next(1, 4);
        var call = _fixture.Handler.Calls.LastOrDefault(candidate => candidate.CallId == callId);
        var toTag = random.Next(4) switch { 0 => "nobody", < 3 => call?.LocalTag ?? "", _ => "" };
        if (method == "INVITE" && random.Next(2) == 0)
            toTag = "";
        var request = StackFixture.Request(
            method, cseq, branch: random.Next(3) == 0 ? $"b{random.Next(6)}" : "", toTag, callId, body: method is "INVITE" or "UPDATE" or "ACK" && random.Next(4) > 0 ? StackFixture.Sdp() : "",
            headers: random.Next(6) switch { 0 => "Require: 100rel", 1 => "Supported: timer, 100rel\nSession-Expires: 90\nMin-SE: 90", 2 => $"RAck: {random.Next(3)} {cseq} INVITE", _ => "" });
        if (random.Next(10) == 0)
            request = request.Replace(";tag=peer", $";tag=p{random.Next(2)}", StringComparison.Ordinal);
        Deliver(Encoding.UTF8.GetBytes(request), random);
    }

    private void Response(Random random)
    {
        if (_asked.Count == 0)
            return;
        var asked = _asked[random.Next(_asked.Count)];
        var response = StackFixture.Response(asked, Statuses[random.Next(Statuses.Length)], tag: $"t{random.Next(2)}", sdp: random.Next(2) == 0 ? StackFixture.Sdp() : null);
        if (random.Next(5) == 0)
            response.Headers.Add("Require", "100rel").Add("RSeq", $"{random.Next(1, 4)}");
        if (random.Next(8) == 0)
            response.TopVia = response.TopVia.WithParameter("branch", "z9hG4bKstranger");
        if (response.StatusCode is 401 or 407)
            response.Headers.Add(response.StatusCode == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
        Deliver(response.ToBytes(), random);
    }

    private void Act(Random random)
    {
        if (_fixture.Handler.Calls.Count == 0)
            return;
        var call = _fixture.Handler.Calls[random.Next(_fixture.Handler.Calls.Count)];
        var act = random.Next(6);
        _diary.AppendLine($"-- the application does {act} (ring, answer, answer, reject, re-INVITE, hang up) to {call}");
        switch (act)
        {
            case 0:
                call.Ring();
                break;
            case < 3:
                _fixture.Negotiator.Refuses = random.Next(8) == 0;
                _ = call.AnswerAsync(_fixture.Negotiator);
                break;
            case 3:
                call.Reject(Statuses[random.Next(8, Statuses.Length)]);
                break;
            case 4:
                _ = call.ReInviteAsync();
                break;
            default:
                _ = call.HangUpAsync();
                break;
        }
    }

    private void Deliver(byte[] message, Random random)
    {
        _sent.Add(message);
        _received++;
        _diary.Append("<<< ").AppendLine(Encoding.UTF8.GetString(message));
        _fixture.Stack.OnMessage(message, _peers[random.Next(5) == 0 ? 1 : 0]);
    }

    /// <summary>What the endpoint sends parses, whatever came before, but for refusals that repeat what was malformed.</summary>
    private void Collect()
    {
        foreach (var peer in _peers)
        {
            while (peer.Sent.TryDequeue(out var text))
            {
                _diary.Append(">>> ").AppendLine(text);
                if (SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message, out var error) != SipParseResult.Message)
                    Assert.True(text.StartsWith("SIP/2.0 4", StringComparison.Ordinal) || text.StartsWith("SIP/2.0 5", StringComparison.Ordinal), $"{error}: {text}");
                else if (message is SipRequest { Method: not "ACK" } request)
                    _asked.Add(request);
            }
        }
    }
}
