using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.Media;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;
using VoiceGateway.Telemetry;
using VoiceGateway.Tests.Media;
using VoiceGateway.Tests.Tools;
using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Calls;

/// <summary>Keys on a leg without a clock: nothing leaves but what a test takes.</summary>
public sealed class CallKeysSendTests : IDisposable
{
    private static readonly NegotiatedAudio Tones = new(new IPEndPoint(IPAddress.Loopback, 9), null, AudioFormat.Pcmu, null, 20, MediaDirection.SendRecv, OnHold: false);
    private static readonly NegotiatedAudio OnHold = Tones with { LocalDirection = MediaDirection.RecvOnly, OnHold = true };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ManualTimers _time = new();
    private readonly CallMetrics _metrics;
    private readonly CallAudioPath _audio;
    private readonly RtpLeg _leg;
    private readonly CallKeys _keys;
    private readonly byte[] _payload = new byte[Playout.FrameBytes];

    public CallKeysSendTests()
    {
        _metrics = new CallMetrics(_services.GetRequiredService<IMeterFactory>());
        var timeline = new TurnTimeline(_time);
        _audio = new CallAudioPath(
            timeline, new HeardLedger(), new Goodbye(), new BargeInOptions(), _metrics, _time, new ConversationWatch(new TurnOptions(), _time), static _ => { }, static (_, _) => { });
        Assert.True(new RtpPortAllocator(34000, 34999, TimeProvider.System, TimeSpan.Zero).TryOpen(IPAddress.Loopback, out var ports));
        _leg = new RtpLeg(ports, _audio, new MediaOptions(), TimeProvider.System, ArrayPool<byte>.Shared);
        _audio.Attach(_leg);
        _leg.StartPlayout();
        _keys = new CallKeys(_audio, timeline, _time, CancellationToken.None);
    }

    public void Dispose()
    {
        _audio.Dispose();
        _metrics.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task SendAsync_NothingInTheWay_IsSentWhenTheLastKeyIsUp()
    {
        _leg.Apply(Tones);
        var sending = _keys.SendAsync("12", CancellationToken.None);
        var frames = 0;
        while (!sending.IsCompleted)
        {
            if (_leg.Playout.NextFrame(_payload) == PlayoutFrame.Key) frames++;
            await PassAsync(sending);
        }
        Assert.Equal(DigitsOutcome.AsTones, await sending);
        Assert.Equal(18, frames);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task SendAsync_PutOnHoldUnderATone_IsNotSentAndNeverHeardLater(int framesHeard)
    {
        _leg.Apply(Tones);
        var sending = _keys.SendAsync("1", CancellationToken.None);
        for (var i = 0; i < framesHeard; i++) Assert.Equal(PlayoutFrame.Key, _leg.Playout.NextFrame(_payload));
        Assert.False(sending.IsCompleted);
        _leg.Apply(OnHold);
        await PassAsync(sending);

        Assert.Equal(DigitsOutcome.NotSent, await sending.WaitAsync(TimeSpan.FromSeconds(5)));
        _leg.Apply(Tones);
        Assert.Equal(PlayoutFrame.Silence, _leg.Playout.NextFrame(_payload));
        Assert.True(_leg.KeysSent);
    }

    [Fact]
    public async Task SendAsync_EventsAndNowhereToSendThem_GivesUp()
    {
        // No address yet: the peer's first packet is to tell it.
        _leg.Apply(Tones with { RemoteRtp = null, TelephoneEventPayloadType = 101 });
        var sending = _keys.SendAsync("1", CancellationToken.None);
        for (var step = 0; step < 200 && !sending.IsCompleted; step++) await PassAsync(sending);

        Assert.Equal(DigitsOutcome.NotSent, await sending.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.True(_leg.KeysSent);
    }

    [Fact]
    public async Task SendAsync_PeerTakesNothing_IsNotSent()
    {
        _leg.Apply(Tones with { RemoteRtp = null, IsBlackHole = true, OnHold = true });
        Assert.Equal(DigitsOutcome.NotSent, await _keys.SendAsync("1", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(101)]
    public async Task SendAsync_Cancelled_TheKeyIsGoneAndTheNextHasItsTurn(int? events)
    {
        _leg.Apply(Tones with { TelephoneEventPayloadType = (byte?)events });
        using var cancel = new CancellationTokenSource();
        var sending = _keys.SendAsync("1", cancel.Token);
        Assert.False(_leg.KeysSent);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.True(_leg.KeysSent);

        _leg.Apply(OnHold);
        Assert.Equal(DigitsOutcome.NotSent, await _keys.SendAsync("2", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5)));
    }

    // 20 ms, once who waits does wait.
    private async Task PassAsync(Task sending)
    {
        for (var i = 0; i < 5000 && _time.Armed == 0 && !sending.IsCompleted; i++) await Task.Delay(1);
        _time.Advance(TimeSpan.FromMilliseconds(20));
    }
}
