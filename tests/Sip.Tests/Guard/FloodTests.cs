using System.Net;
using System.Net.Sockets;
using System.Text;
using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Guard;

/// <summary>A flood over a real socket, from the very address that has a call running.</summary>
public class FloodTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Flood_OverUdp_LeavesARunningCallAlone()
    {
        List<Exception> faults = [];
        var handler = new TestHandler();
        var negotiator = new TestNegotiator();
        var options = new SipEndpointOptions
        {
            Listen = [new(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 0))],
            OnFault = faults.Add,
            Guard = new() { Known = new() { Messages = new(200, 200), Invites = new(50, 50) }, Refusals = new(100, 100) },
        };
        await using var callee = new SipEndpoint(options, handler);
        await using var caller = new SipEndpoint(options with { Guard = new() });
        await callee.StartAsync();
        await caller.StartAsync();
        var answered = new TaskCompletionSource<bool>();
        handler.Invited = call => _ = AnswerAsync(call);
        var result = await caller.CallAsync(new()
        {
            To = new SipUri("callee", "127.0.0.1", callee.BoundEndPoints[0].EndPoint.Port),
            From = new SipNameAddress(new SipUri("caller", "127.0.0.1")),
            Negotiator = new TestNegotiator(),
        }).WaitAsync(Patience);
        Assert.True(await answered.Task.WaitAsync(Patience));
        handler.Invited = call => call.Reject(486);

        using var stop = new CancellationTokenSource();
        var flood = Task.Run(() => FloodAsync(callee.BoundEndPoints[0].EndPoint, stop.Token));
        while (callee.Counters[SipCounter.RateLimited] < 1_000)
            await Task.Delay(20).WaitAsync(Patience);
        Assert.Equal(200, (await result.Call!.ReInviteAsync().WaitAsync(Patience)).StatusCode);
        var end = await result.Call.HangUpAsync().ContinueWith(_ => result.Call.Completion, TaskScheduler.Default).Unwrap().WaitAsync(Patience);
        Assert.Equal(SipCallEndCause.LocalBye, end.Cause);
        Assert.Equal(200, end.StatusCode);
        await stop.CancelAsync();
        await flood;
        Assert.Empty(faults);
        Assert.InRange(callee.Counters[SipCounter.IncomingCalls], 1, 3_000);

        async Task AnswerAsync(SipCall call) => answered.TrySetResult(await call.AnswerAsync(negotiator));
    }

    private static async Task FloodAsync(IPEndPoint target, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(target, CancellationToken.None);
        byte[][] messages =
        [
            Encoding.UTF8.GetBytes(StackFixture.Request("INVITE", callId: "flood", body: StackFixture.Sdp())),
            Encoding.UTF8.GetBytes(StackFixture.Request("OPTIONS", callId: "flood")),
            Encoding.UTF8.GetBytes(StackFixture.Request("BYE", toTag: "guess", callId: "flood")),
            Encoding.UTF8.GetBytes(new string('x', 700)),
            Encoding.UTF8.GetBytes("SIP/2.0 200 OK\r\n" + StackFixture.Request("INVITE").Split("\r\n", 2)[1]),
        ];
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            // Another branch each time: a repeat would be the transaction's.
            Encoding.ASCII.GetBytes($"{i:x8}").CopyTo(messages[0].AsSpan().Slice(messages[0].AsSpan().IndexOf("z9hG4bK"u8) + 7));
            try
            {
                await socket.SendAsync(messages[i % messages.Length], SocketFlags.None, CancellationToken.None);
            }
            catch (SocketException)
            {
                // A full queue is what a flood meets.
            }

            if (i % 20 == 0)
                await Task.Delay(1, CancellationToken.None); // what the kernel throws away because nobody gets to read is no test of the guard
        }
    }
}
