using System.Net;
using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>A telephone in software: one SIP endpoint, one playout clock and one range of RTP ports for any number of calls at once.</summary>
public sealed class Softphone : IAsyncDisposable
{
    private readonly SoftphoneOptions _options;
    private readonly SipEndpoint _endpoint;
    private readonly PlayoutClock _clock;
    private readonly RtpPortAllocator _ports;
    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<Task> _calls = [];
    private readonly Lock _callsLock = new();
    private int _disposed;

    private Softphone(SoftphoneOptions options)
    {
        if (options.LocalAddress.Equals(IPAddress.Any) || options.LocalAddress.Equals(IPAddress.IPv6Any))
            throw new ArgumentException($"{options.LocalAddress} is no address that the far end could send to.", nameof(options));
        _options = options;
        _endpoint = new SipEndpoint(new SipEndpointOptions
        {
            Listen = [new SipListen(SipTransportKind.Udp, new IPEndPoint(options.LocalAddress, options.SipPort))],
            UserAgent = options.UserAgent,
            TimeProvider = options.TimeProvider,
        });
        _clock = new PlayoutClock(new PlayoutClockOptions { Tick = options.ClockTick, Slots = SlotsOf(options.ClockTick) });
        _ports = new RtpPortAllocator(options.FirstRtpPort, options.LastRtpPort, options.TimeProvider, TimeSpan.FromSeconds(5));
    }

    /// <summary>Calls that have not ended.</summary>
    public int ActiveCalls
    {
        get
        {
            lock (_callsLock) return _calls.Count;
        }
    }

    /// <summary>Pairs of RTP ports that calls hold.</summary>
    public int RtpPortsInUse => _ports.InUse;

    /// <summary>Ticks of the playout clock that came late.</summary>
    public long LateTicks => _clock.LateTicks;

    public TimeSpan MaxLateness => _clock.MaxLateness;

    /// <exception cref="ArgumentException">The local address is none that a far end could be told, or the clock's tick does not divide a frame.</exception>
    /// <exception cref="SipBindException">The SIP port is taken, or the address is not this machine's.</exception>
    public static async Task<Softphone> StartAsync(SoftphoneOptions? options = null, CancellationToken cancellationToken = default)
    {
        var softphone = new Softphone(options ?? new SoftphoneOptions());
        try
        {
            await softphone._endpoint.StartAsync(cancellationToken).ConfigureAwait(false);
            softphone._clock.Start();
            await softphone.WarmUpAsync(cancellationToken).ConfigureAwait(false);
            return softphone;
        }
        catch
        {
            await softphone.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Places a call, plays the script, hangs up, and tells how it went. Calls that fail are told of in the report, not thrown.</summary>
    /// <param name="script">What the caller does.</param>
    /// <param name="options">Whom to call, and how to measure.</param>
    /// <param name="cancellationToken">Hangs up; the report covers what there was until then.</param>
    public async Task<CallerReport> CallAsync(CallerScript script, CallerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var call = new SoftphoneCall(_endpoint, _clock, _ports, _options, script, options).RunAsync(ending.Token);
        lock (_callsLock) _calls.Add(call);
        try
        {
            return await call.ConfigureAwait(false);
        }
        finally
        {
            lock (_callsLock) _calls.Remove(call);
        }
    }

    /// <summary>Calls itself, which nobody answers: a process's first INVITE spends some hundred milliseconds in the JIT compiler, and its set-up time is to be the far end's.</summary>
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        var own = _endpoint.BoundEndPoints[0].EndPoint;
        var audio = new LocalAudio(_options.LocalAddress, _options.FirstRtpPort, LocalAudio.G711);
        await _endpoint.CallAsync(
            new SipOutgoingCall { To = new SipUri("nobody", own.Address.ToString(), own.Port), Negotiator = new CallerNegotiator(audio, _ => { }) },
            limit.Token).ConfigureAwait(false);
    }

    private static int SlotsOf(TimeSpan tick)
    {
        var slots = tick > TimeSpan.Zero ? AudioFrame.Milliseconds / tick.TotalMilliseconds : 0;
        return slots >= 1 && slots == Math.Floor(slots)
            ? (int)slots
            : throw new ArgumentException($"A frame of {AudioFrame.Milliseconds} ms is no multiple of {tick}.", nameof(tick));
    }

    /// <summary>Hangs up every call and waits for their ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        Task[] calls;
        lock (_callsLock) calls = [.. _calls];
        // Their own awaiters see what they threw, if anything.
        await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _endpoint.DisposeAsync().ConfigureAwait(false);
        await _clock.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }
}
