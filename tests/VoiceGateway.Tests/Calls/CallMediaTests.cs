using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VoiceGateway.Calls;
using VoiceGateway.Media;
using VoiceGateway.Rtp;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;
using VoiceGateway.Telemetry;
using VoiceGateway.Tests.Records;
using VoiceGateway.Turns;

namespace VoiceGateway.Tests.Calls;

/// <summary>Offers and answers of one call and of those that it is handed on to.</summary>
public sealed class CallMediaTests : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MediaEngine _clock = new();
    private readonly RecordingLogger _log = new();
    private readonly CallMetrics _metrics;
    private readonly CallAudioPath _audio;
    private readonly CallMedia _media;
    private readonly SdpNegotiator _negotiator;

    public CallMediaTests()
    {
        _metrics = new CallMetrics(_services.GetRequiredService<IMeterFactory>());
        var timeline = new TurnTimeline(TimeProvider.System);
        var watch = new ConversationWatch(new TurnOptions(), TimeProvider.System);
        _audio = new CallAudioPath(timeline, new HeardLedger(), new Goodbye(), new BargeInOptions(), _metrics, TimeProvider.System, watch, static _ => { }, static (_, _) => { });
        var services = new CallServices(
            null!, new MediaOptions(), null!, null!, null!, null!, null!, _clock, new RtpPortAllocator(32000, 32999, TimeProvider.System, TimeSpan.Zero),
            null!, _metrics, TimeProvider.System, new Loggers(_log));
        _media = new CallMedia(services, _audio, timeline, watch);
        _negotiator = _media.TryOpen(IPAddress.Loopback, IPAddress.Loopback, default)!;
    }

    public async ValueTask DisposeAsync()
    {
        _audio.Dispose();
        await _clock.DisposeAsync();
        _metrics.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public void Answer_ReInviteChangesTheProtection_TheLogSaysWhatChanged()
    {
        foreach (var policy in (SrtpPolicy[])[SrtpPolicy.Required, SrtpPolicy.Required, SrtpPolicy.Never, SrtpPolicy.Never, SrtpPolicy.Required])
            Assert.NotNull(_negotiator.Answer(Peer(policy).CreateOffer()));

        Assert.Equal(
            [
                (LogLevel.Information, "SRTP changed in mid-call: AEAD_AES_256_GCM before, none from here on"),
                (LogLevel.Information, "SRTP changed in mid-call: none before, AEAD_AES_256_GCM from here on"),
            ],
            _log.Entries);
    }

    [Fact]
    public void Answer_HoldInTheOldStyle_SaysNothingOfProtection()
    {
        var peer = Peer(SrtpPolicy.Required);
        Assert.NotNull(_negotiator.Answer(peer.CreateOffer()));
        Assert.NotNull(_negotiator.Answer(Peer(SrtpPolicy.Never, IPAddress.Any).CreateOffer()));
        Assert.True(_audio.Leg.Negotiated!.IsBlackHole);
        Assert.NotNull(_negotiator.Answer(peer.CreateOffer()));
        Assert.Empty(_log.Entries);
    }

    // The encoder goes on as long as the decoder at the other end does.
    [Fact]
    public void TakeOver_InTheSameCodec_ItsStateBeginsAfresh()
    {
        Assert.NotNull(_negotiator.Answer(Peer().CreateOffer()));
        var first = _audio.Leg.Playout.Codec;
        Assert.Equal("G722", first.EncodingName);
        Assert.NotNull(_negotiator.Answer(Peer().CreateOffer()));
        _media.Hold();
        Assert.Same(first, _audio.Leg.Playout.Codec);

        var next = _media.Another(default);
        Assert.NotNull(next.Negotiator.Answer(Peer().CreateOffer()));
        Assert.Same(first, _audio.Leg.Playout.Codec);
        next.TakeOver();
        var second = _audio.Leg.Playout.Codec;
        Assert.Equal("G722", second.EncodingName);
        Assert.NotSame(first, second);
        Assert.NotNull(next.Negotiator.Answer(Peer().CreateOffer()));
        Assert.Same(second, _audio.Leg.Playout.Codec);
    }

    private static SdpNegotiator Peer(SrtpPolicy srtp = SrtpPolicy.Never, IPAddress? address = null) =>
        new(new LocalAudio(address ?? IPAddress.Loopback, 9, LocalAudio.Wideband) { Srtp = srtp, OffersKeys = true }, static _ => { });

    private sealed class Loggers(ILogger log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
