namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>
/// A peer and an application that do anything at any time: re-INVITE, UPDATE, PRACK, CANCEL and BYE crossing each other, answered with
/// whatever status, or not. Nothing may throw, and in the end no call, timer or transaction may be left.
/// </summary>
public class SessionStormTests
{
    private static readonly int[] Statuses = [100, 180, 183, 200, 200, 200, 200, 401, 405, 408, 422, 481, 488, 491, 491, 500, 503, 603];
    private static readonly string[] Directions = ["sendrecv", "sendonly", "inactive"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Incoming_Anything_EndsClean(int seed)
    {
        var random = new Random(seed);
        await using var fixture = new StackFixture(additionalMethods: ["INFO"]);
        string[] extras = ["Supported: timer, 100rel", "Session-Expires: 90;refresher=uas", "Session-Expires: 120;refresher=uac", "Allow: INVITE, ACK, BYE, UPDATE, PRACK", "Require: 100rel", "Expires: 300"];
        var headers = string.Join('\n', extras.Where(_ => random.Next(2) == 0));
        fixture.Send(StackFixture.Request("INVITE", body: random.Next(3) > 0 ? StackFixture.Sdp() : "", headers: headers));
        if (fixture.Handler.Calls.Count == 0)
            return; // an interval without Supported: timer, or the like
        var call = fixture.Call;
        await StormAsync(random, fixture, call, (method, cseq, body, more) =>
            StackFixture.Request(method, cseq, branch: $"s{random.Next()}", toTag: call.LocalTag, body: body, headers: more));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Outgoing_Anything_EndsClean(int seed)
    {
        var random = new Random(seed);
        await using var fixture = new StackFixture(additionalMethods: ["INFO"]);
        using var cancel = new CancellationTokenSource();
        var calling = fixture.Endpoint.CallAsync(fixture.Outgoing(lateOffer: random.Next(3) == 0), cancel.Token);
        var invite = fixture.SingleRequest("INVITE");
        for (int step = 0; step < 12 && !calling.IsCompleted; step++)
        {
            AnswerAll(random, fixture, invite);
            var response = StackFixture.Response(
                invite, random.Next(6) == 0 ? Statuses[random.Next(Statuses.Length)] : random.Next(180, 184), random.Next(3) > 0 ? "bobtag" : "fork", random.Next(2) == 0 ? StackFixture.Sdp() : null);
            if (random.Next(2) == 0)
            {
                response.Headers.Set("Require", "100rel");
                response.Headers.Set("RSeq", $"{random.Next(1, 4)}");
            }

            fixture.Send(response);
            if (random.Next(3) == 0)
                fixture.Send(StackFixture.WithinOutgoing(random.Next(2) == 0 ? "UPDATE" : "BYE", invite, (uint)random.Next(1, 50), random.Next(2) == 0 ? StackFixture.Sdp() : ""));
            fixture.Time.Advance(random.Next(3_000));
        }

        if (!calling.IsCompleted)
        {
            if (random.Next(2) == 0)
                await cancel.CancelAsync();
            var ok = StackFixture.Response(invite, 200, sdp: StackFixture.Sdp());
            ok.Headers.Set("Session-Expires", "90;refresher=uac");
            ok.Headers.Set("Allow", "INVITE, ACK, BYE, UPDATE");
            fixture.Send(ok);
            fixture.Time.Advance(100);
        }

        if (!calling.IsCompleted || (await calling).Call is not { } call)
        {
            Assert.Empty(fixture.Faults);
            return;
        }

        await StormAsync(random, fixture, call, (method, cseq, body, _) => StackFixture.WithinOutgoing(method, invite, cseq + 100, body));
    }

    private static async Task StormAsync(Random random, StackFixture fixture, SipCall call, Func<string, uint, string, string, string> request)
    {
        uint cseq = 1;
        SipResponse? provisional = null;
        List<Task> waiting = [];
        for (int step = 0; step < 80; step++)
        {
            fixture.Negotiator.Refuses = random.Next(8) == 0;
            var sdp = random.Next(3) > 0 ? StackFixture.Sdp(Directions[random.Next(Directions.Length)]) : "";
            switch (random.Next(24))
            {
                case 0 or 1: fixture.Send(request("INVITE", ++cseq, sdp, random.Next(2) == 0 ? "Supported: timer\nSession-Expires: 95" : "")); break;
                case 2 or 3 or 4: fixture.Send(request("ACK", cseq, sdp, "")); break;
                case 5 or 6: fixture.Send(request("UPDATE", ++cseq, sdp, random.Next(2) == 0 ? "Supported: timer\nSession-Expires: 60" : "")); break;
                case 7 or 8 when provisional is not null: fixture.Send(request("PRACK", ++cseq, sdp, $"RAck: {provisional.Headers.Get("RSeq") ?? "1"} {provisional.CSeq}")); break;
                case 9 when random.Next(6) == 0: fixture.Send(request("BYE", ++cseq, "", "Reason: Q.850;cause=16")); break;
                case 10 when call.IsIncoming && random.Next(4) == 0: fixture.Send(StackFixture.Request("CANCEL")); break;
                case 11: call.Ring(); break;
                case 12: call.Ring(fixture.Negotiator); break;
                case 13 when call.IsIncoming: waiting.Add(call.AnswerAsync(fixture.Negotiator)); break;
                case 14: waiting.Add(call.ReInviteAsync(lateOffer: random.Next(3) == 0)); break;
                case 15 or 16: waiting.Add(call.UpdateAsync(withOffer: random.Next(2) == 0)); break;
                case 17: waiting.Add(call.SendRequestAsync("INFO")); break;
                case 18 when random.Next(6) == 0: waiting.Add(call.HangUpAsync()); break;
                case 19: fixture.Time.Advance(random.Next(40_000)); break;
                default: fixture.Time.Advance(random.Next(2_000)); break;
            }

            provisional = AnswerAll(random, fixture, null) ?? provisional;
        }

        if (random.Next(2) == 0)
        {
            waiting.Add(call.HangUpAsync());
            for (int step = 0; step < 40; step++)
            {
                fixture.Time.Advance(10_000);
                AnswerAll(random, fixture, null);
            }

            await Task.WhenAll(waiting);
            Assert.True(call.Completion.IsCompleted);
        }

        Assert.Empty(fixture.Faults);
    }

    /// <summary>Answers most of what was sent, with anything; the INVITE that began the call is answered elsewhere.</summary>
    private static SipResponse? AnswerAll(Random random, StackFixture fixture, SipRequest? initial)
    {
        SipResponse? provisional = null;
        foreach (var message in fixture.Received())
        {
            if (message is SipResponse { IsProvisional: true } response && response.Headers.Contains("RSeq"))
                provisional = response;
            if (message is not SipRequest { Method: not "ACK" } sent || random.Next(5) == 0 || (initial is not null && sent.Method == "INVITE"))
                continue;
            var status = Statuses[random.Next(Statuses.Length)];
            var answer = StackFixture.Response(sent, status, null, status == 200 && random.Next(4) > 0 && !sent.Body.IsEmpty ? StackFixture.Sdp() : null);
            if (status == 422)
                answer.Headers.Set("Min-SE", $"{random.Next(60, 400)}");
            if (random.Next(2) == 0)
                answer.Headers.Set("Session-Expires", $"{random.Next(80, 200)};refresher={(random.Next(2) == 0 ? "uac" : "uas")}");
            fixture.Send(answer);
        }

        return provisional;
    }
}
