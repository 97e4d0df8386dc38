namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class CaptureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReceivedAudio_OverConnectionsThatResumeOneAnother_IsOneChainInOrder(bool toFiles)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using var server = await LiveSimulatorServer.StartAsync(new()
            {
                ScenarioPath = "say",
                CaptureAudio = toFiles ? TimeSpan.Zero : TimeSpan.FromSeconds(30),
                CaptureFolder = toFiles ? folder.FullName : null,
            });
            await using var other = await TestClient.StartAsync(server);
            await other.SendAudioAsync(Ramp(500, 3200));
            string handle;
            await using (var client = await TestClient.StartAsync(server, "\"sessionResumption\":{}"))
            {
                handle = await client.NextHandleAsync();
                await client.SendAudioAsync(Ramp(1, 4800));
                await SettledAsync(server.Sessions.Last(), 4800);
                await server.Sessions.Last().InjectAsync(new Fault.Drop());
            }

            await server.Sessions.Last().Completion;
            await using var next = await TestClient.StartAsync(server, $$""" "sessionResumption":{"handle":"{{handle}}"} """);
            await next.SendAudioAsync(Ramp(2, 1600));
            var last = server.Sessions.Last();
            await SettledAsync(last, 1600);

            var all = server.ReceivedAudioOfAll();
            Assert.Equal([0, 1, 2], all.Select(static each => each.Order));
            Assert.Equal([3200, 4800, 1600], all.Select(static each => each.Samples.Length));
            Assert.Equal(all[1].Session.Id, last.ResumedFrom);
            Assert.Equal(all[1].Session.Conversation, last.Conversation);
            Assert.NotEqual(all[0].Session.Conversation, last.Conversation);
            Assert.Equal([.. Ramp(1, 4800), .. Ramp(2, 1600)], all.Where(each => each.Session.Conversation == last.Conversation).SelectMany(static each => each.Samples));
            if (toFiles)
            {
                await next.CloseAsync();
                await last.Completion;
                Assert.Equal((4800 + 1600) * 2, new FileInfo(Path.Combine(folder.FullName, $"{last.Conversation}.pcm")).Length);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static short[] Ramp(int seed, int samples) => [.. Enumerable.Range(0, samples).Select(i => (short)((i * seed) % 100))];

    private static async Task SettledAsync(SimulatedSession session, int samples)
    {
        for (var i = 0; session.AudioSamplesReceived < samples && i < 500; i++)
            await Task.Delay(10);
        Assert.Equal(samples, session.AudioSamplesReceived);
    }
}
