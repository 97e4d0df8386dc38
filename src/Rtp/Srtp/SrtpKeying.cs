namespace VoiceGateway.Rtp;

/// <summary>
/// The keys of a session: set by whoever negotiates, in use on the clock thread from its next step on. Keys that stay the same go on
/// as they were; after a change what the peer still has under way under its old key is heard.
/// </summary>
/// <param name="time">Of the ticks.</param>
/// <param name="graceTicks">How long the peer's old key counts after the first packet under the new one.</param>
/// <param name="longestTicks">And how long where none comes.</param>
internal sealed class SrtpKeying(TimeProvider time, long graceTicks, long longestTicks) : IDisposable
{
    // One is usual, a second comes with music on hold or a transfer on the other side.
    private const int MostReceivers = 8;

    private readonly Lock _gate = new();
    private readonly List<SrtpReceiver> _receivers = [];
    private SrtpSender? _newestSender;
    private Change? _pending;
    private SrtpReceiver? _previous;
    private long _previousEndsTicks;
    private bool _isPreviousFollowed;

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
            Volatile.Write(ref _pending, new Change(_newestSender, parameters is null ? null : ReceiverOf(parameters.Receive)));
        }
    }

    /// <summary>Clock thread, before anything is sent or received.</summary>
    /// <returns>True: what we send is under another key than before.</returns>
    public bool Apply()
    {
        if (Volatile.Read(ref _pending) is null || Interlocked.Exchange(ref _pending, null) is not { } change)
            return false;
        if (change.Receiver is { } receiver && receiver != Receiver)
        {
            receiver.Follow(Receiver);
            (_previous, _previousEndsTicks, _isPreviousFollowed) = (Receiver, time.GetTimestamp() + longestTicks, false);
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
        return Previous(nowTicks) is { } previous && verdict != SrtpVerdict.Opened ? Better(verdict, previous.OpenRtp(packet, out length)) : verdict;
    }

    /// <inheritdoc cref="SrtpReceiver.OpenRtp"/>
    public SrtpVerdict OpenRtcp(Span<byte> packet, long nowTicks, out int length)
    {
        var verdict = Receiver!.OpenRtcp(packet, out length);
        return Previous(nowTicks) is { } previous && verdict != SrtpVerdict.Opened ? Better(verdict, previous.OpenRtcp(packet, out length)) : verdict;
    }

    /// <summary>After the clock has let go of the session. Keys before the present ones are left to the collector.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _newestSender?.Dispose();
            _receivers.ForEach(static receiver => receiver.Dispose());
        }
        Sender?.Dispose();
        Receiver?.Dispose();
        _previous?.Dispose();
    }

    // One a key for the life of the session: what has been here under a key has been here when the key comes back (RFC 3711 3.3.2).
    private SrtpReceiver ReceiverOf(IReadOnlyList<SrtpMasterKey> keys)
    {
        var receiver = _receivers.Find(known => known.HasKeys(keys)) ?? new SrtpReceiver(keys);
        _receivers.Remove(receiver);
        if (_receivers.Count == MostReceivers)
            _receivers.RemoveAt(0);
        _receivers.Add(receiver);
        return receiver;
    }

    private static SrtpVerdict Better(SrtpVerdict present, SrtpVerdict previous) =>
        previous == SrtpVerdict.Opened || present == SrtpVerdict.Unauthentic ? previous : present;

    // The peer changes over when it has the answer: its old key counts until a while after the first packet under the new one.
    private SrtpReceiver? Previous(long nowTicks)
    {
        if (_previous is null)
            return null;
        if (!_isPreviousFollowed && Receiver!.HasOpened)
            (_previousEndsTicks, _isPreviousFollowed) = (Math.Min(_previousEndsTicks, nowTicks + graceTicks), true);
        if (nowTicks >= _previousEndsTicks)
            _previous = null;
        return _previous;
    }

    private sealed record Change(SrtpSender? Sender, SrtpReceiver? Receiver);
}
