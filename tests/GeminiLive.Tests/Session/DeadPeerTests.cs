using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A peer that is gone, against one that is only slow. Real kernels, so Linux only.</summary>
public sealed class DeadPeerTests
{
    private const int Messages = 16;
    private static readonly string Large = new('x', 500_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Peer_AcknowledgesNothing_IsGivenUp(bool overOpenSsl)
    {
        if (!OperatingSystem.IsLinux()) return;
        using X509Certificate2? certificate = overOpenSsl ? TestCertificate.OfAuthority("127.0.0.1") : null;
        using TlsContext? tls = overOpenSsl ? new TlsContext([TestCertificate.Authority]) : null;
        await using var server = LoopbackServer.SetUp(
            connection =>
            {
                connection.Deafen();
                return connection.HangAsync();
            },
            certificate);
        await using LiveSession session = await ConnectAsync(server, deadPeer: TimeSpan.FromSeconds(1), tls: tls);

        long start = Stopwatch.GetTimestamp();
        var frame = new short[320];
        while (!session.Completion.IsCompleted && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
        {
            session.TrySendAudio(frame);
            await Task.Delay(20);
        }

        Assert.True(session.Completion.IsCompleted, "the dead peer was not noticed");
        LiveClose close = await session.Completion;
        Assert.Equal((LiveCloseKind.NetworkLost, LiveRetry.Now), (close.Kind, close.Retry));
        Assert.Contains("acknowledged nothing", close.Reason);
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(0.8), "given up too soon");
    }

    [Fact]
    public async Task Peer_AcknowledgesButReadsNothing_IsWaitedFor()
    {
        var read = new TaskCompletionSource();
        var received = new TaskCompletionSource<int>();
        await using var server = LoopbackServer.SetUp(async connection =>
        {
            await read.Task.WaitAsync(connection.Stop);
            received.SetResult((await connection.ReceiveAllAsync()).Count);
        });
        LiveSession session = await ConnectAsync(server, deadPeer: TimeSpan.FromMilliseconds(400));
        for (int i = 0; i < Messages; i++) session.SendText(Large);

        await Task.Delay(2500);

        Assert.False(session.Completion.IsCompleted);
        Assert.True(session.Counters.ControlMessagesSent < Messages, "the window never closed");
        read.SetResult();
        while (session.Counters.ControlMessagesSent <= Messages && !session.Completion.IsCompleted) await Task.Delay(10);
        await session.DisposeAsync();
        Assert.Equal(Messages, await received.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Why the user time-out cannot be the one that finds dead peers: it also ends a live one with a closed window.</summary>
    [Fact]
    public async Task Peer_WindowClosedBeyondTheUserTimeout_IsGivenUpByTcp()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var server = LoopbackServer.SetUp(connection => connection.HangAsync());
        await using LiveSession session = await ConnectAsync(
            server, deadPeer: TimeSpan.FromMinutes(10), closedWindow: TimeSpan.FromSeconds(1));
        for (int i = 0; i < Messages; i++) session.SendText(Large);

        LiveClose close = await session.Completion.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((LiveCloseKind.NetworkLost, LiveRetry.Now), (close.Kind, close.Retry));
    }

    private static async Task<LiveSession> ConnectAsync(LoopbackServer server, TimeSpan deadPeer, TimeSpan? closedWindow = null, TlsContext? tls = null)
    {
        LiveConnectResult result = await LiveSession.ConnectAsync(server.Endpoint, Setups.Minimal, new SilentHandler(), new LiveSessionOptions
        {
            Invoker = tls is null
                ? LiveTransport.Create(useProxy: false, deadPeer: deadPeer, closedWindow: closedWindow)
                : LiveTransport.Create(tls, deadPeer: deadPeer),
        });
        Assert.True(result.IsConnected, result.ToString());
        return result.Session;
    }
}
