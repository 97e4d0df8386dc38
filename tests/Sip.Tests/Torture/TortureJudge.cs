namespace VoiceGateway.Sip.Tests.Torture;

/// <summary>Sends one torture message to a running service and holds what comes back against the table.</summary>
internal static class TortureJudge
{
    /// <param name="row">The message.</param>
    /// <param name="service">Where the service listens.</param>
    /// <param name="answerToCalls">The status that the service gives to calls.</param>
    public static async Task CheckAsync(TortureCase row, SipListen service, string answerToCalls)
    {
        var message = row.Read();
        var expected = row.Statuses(service.Kind != SipTransportKind.Udp, answerToCalls);
        using var peer = await TorturePeer.ConnectAsync(service, message);
        await peer.SendAsync(message);
        List<string> answers = [];
        try
        {
            while (answers.Count < expected.Length && await peer.FinalAsync() is { } answer)
                answers.Add(answer);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{row.File} over {service}: waited in vain for {string.Join(' ', expected)}, had {string.Join('\n', answers)}");
        }

        if (answers is [.., var last])
            await peer.AcknowledgeAsync(message, last);

        // Whatever it was, the service goes on; and over UDP, by now it has said what it had to say.
        Assert.StartsWith("SIP/2.0 200 ", await TorturePeer.ProbeAsync(service));
        answers.AddRange(await peer.RestAsync());
        Assert.Equal((row.File, string.Join(' ', expected)), (row.File, string.Join(' ', answers.Distinct().Select(text => text.Split(' ')[1]))));
        if (row.Says is { } line)
            Assert.Contains("\r\n" + line, answers[0], StringComparison.Ordinal);
    }
}
