namespace VoiceGateway.Rtp;

/// <summary>
/// The keys of a session: set by whoever negotiates, in use on the clock thread from its next step on. Keys that stay the same go on
/// as they were; after a change what the peer still has under way under its old key is heard.
/// </summary>
internal sealed class SrtpKeying(long graceTicks) : IDisposable
{
    private readonly Lock _gate = new();
    private SrtpSender? _newestSender;
    private SrtpReceiver? _newestReceiver;
    private Change? _pending;
    private SrtpReceiver? _previous;
    private long _previousEndsTicks;

    /// <summary>Null: what we send goes in the clear. Clock thread.</summary>
    public SrtpSender? Sender { get; private set; }

    /// <summary>Null: what comes is in the clear. Clock thread.</summary>
    public SrtpReceiver? Receiver { get; private set; }

    /// <summary>The suite that was set last; null: none. Any thread.</summary>
    public SrtpSuite? Suite => Volatile.Read(ref _newestSender)?.Key.Suite;

    /// <summary>Any thread. The costly part is done here: what the clock thread does with it is two assignments.</summary>
    public void Set(SrtpParameters? parameters)
    {
        parameters?.Validate();
        lock (_gate)
        {
            // A key that comes again after something else begins anew: its sender under another SSRC, the receiver where it was.
            if (parameters is null)
                _newestSender = null;
            else if (_newestSender is null || !_newestSender.Key.Equals(parameters.Send))
                _newestSender = new SrtpSender(parameters.Send);
            if (parameters is not null && (_newestReceiver is null || !_newestReceiver.HasKeys(parameters.Receive)))
                _newestReceiver = new SrtpReceiver(parameters.Receive);
            Volatile.Write(ref _pending, new Change(_newestSender, parameters is null ? null : _newestReceiver));
        }
    }

    /// <summary>Clock thread, before anything is sent or received.</summary>
    /// <returns>True: what we send is under another key than before.</returns>
    public bool Apply()
    {
        if (Volatile.Read(ref _pending) is null || Interlocked.Exchange(ref _pending, null) is not { } change)
            return false;
        if (change.Receiver is { } receiver && Receiver is { } old && receiver != old)
        {
            receiver.Follow(old);
            (_previous, _previousEndsTicks) = (old, long.MaxValue);
        }
        else if (change.Receiver is null)
        {
            _previous = null;
        }
        Receiver = change.Receiver;
        var isNew = change.Sender is not null && change.Sender != Sender;
        Sender = change.Sender;
        return isNew;
    }

    /// <inheritdoc cref="SrtpReceiver.OpenRtp"/>
    public SrtpVerdict OpenRtp(Span<byte> packet, long nowTicks, out int length)
    {
        var verdict = Receiver!.OpenRtp(packet, out length);
        return Previous(nowTicks) is { } previous && verdict == SrtpVerdict.Unauthentic ? previous.OpenRtp(packet, out length) : verdict;
    }

    /// <inheritdoc cref="SrtpReceiver.OpenRtp"/>
    public SrtpVerdict OpenRtcp(Span<byte> packet, long nowTicks, out int length)
    {
        var verdict = Receiver!.OpenRtcp(packet, out length);
        return Previous(nowTicks) is { } previous && verdict == SrtpVerdict.Unauthentic ? previous.OpenRtcp(packet, out length) : verdict;
    }

    /// <summary>After the clock has let go of the session. Keys before the present ones are left to the collector.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _newestSender?.Dispose();
            _newestReceiver?.Dispose();
        }
        Sender?.Dispose();
        Receiver?.Dispose();
        _previous?.Dispose();
    }

    // The peer may change over when it likes: its old key counts until a while after the first packet under the new one.
    private SrtpReceiver? Previous(long nowTicks)
    {
        if (_previous is null)
            return null;
        if (_previousEndsTicks == long.MaxValue && Receiver!.HasOpened)
            _previousEndsTicks = nowTicks + graceTicks;
        if (nowTicks >= _previousEndsTicks)
            _previous = null;
        return _previous;
    }

    private sealed record Change(SrtpSender? Sender, SrtpReceiver? Receiver);
}
