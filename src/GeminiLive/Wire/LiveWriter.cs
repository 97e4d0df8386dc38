namespace VoiceGateway.GeminiLive;

/// <summary>
/// The session's single writer: whoever sets <c>_busy</c> under the gate owns the socket's send side until it is cleared.
/// <code>
/// TrySendAudio -- idle --> HeldAudio until the message is full, then encode and
///                          SendAsync on the caller's thread (completes at once while the kernel has room)
///              -- busy --> AudioRing (bounded, oldest dropped) --.
/// SendControl  ----------> queue (never dropped) ----------------+--> DrainAsync on the pool, in order of arrival
/// SendPong  -------------> one place (the newest) ---------------'    (a pong ahead of all)
/// </code>
/// A control message remembers the audio position it was issued at and goes out behind all audio before it
/// (<c>activityEnd</c> must not overtake speech) and ahead of all audio after it.
/// </summary>
internal sealed class LiveWriter(LiveWebSocket socket, LiveSessionOptions options, LiveSessionCounters counters, Action<Exception> onFault)
    : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly AudioRing _audio = new(
        options.BufferPool, Math.Max(PcmFormat.SamplesPerFrame, PcmFormat.UplinkSamples(options.AudioQueue)));
    private readonly Queue<(PooledBuffer Message, long AfterSample)> _control = new();
    private readonly int _samplesPerMessage = PcmFormat.SamplesPerMessage(options.Chunk);
    private readonly HeldAudio _held = new(PcmFormat.SamplesPerMessage(options.Chunk));
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PooledBuffer? _pong;
    private bool _busy;
    private bool _closed;

    public TimeSpan QueuedAudio
    {
        get
        {
            lock (_gate) return PcmFormat.UplinkDuration(_held.Count + _audio.Count);
        }
    }

    /// <returns>False when the session no longer sends.</returns>
    public bool TrySendAudio(ReadOnlySpan<short> pcm16kHz)
    {
        while (!pcm16kHz.IsEmpty)
        {
            ReadOnlySpan<short> frame = pcm16kHz[..Math.Min(pcm16kHz.Length, PcmFormat.SamplesPerFrame)];
            if (!TrySendFrame(frame)) return false;
            pcm16kHz = pcm16kHz[frame.Length..];
        }

        return true;
    }

    /// <summary>Queues a message and takes ownership of it, whatever the outcome.</summary>
    public bool SendControl(PooledBuffer message)
    {
        lock (_gate)
        {
            if (_closed)
            {
                message.Dispose();
                return false;
            }

            // Nothing is held while somebody sends.
            _held.MoveTo(_audio);
            _control.Enqueue((message, _audio.End));
            if (_busy) return true;
            _busy = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>
    /// Sends a pong between two messages. One that still waits is replaced, for only the newest ping needs its answer (RFC 6455 5.5.3):
    /// so that pings in plenty and a slow network fill no queue.
    /// </summary>
    /// <param name="payload">The ping's.</param>
    /// <param name="asked">False: no ping asked for it, and an answer that waits is not replaced.</param>
    public void SendPong(ReadOnlySpan<byte> payload, bool asked = true)
    {
        var pong = new PooledBuffer(options.BufferPool, WebSocketFrame.Room + WebSocketFrame.MaxControlBytes, WebSocketFrame.Room);
        pong.Append(payload);
        lock (_gate)
        {
            if (_closed || (!asked && _pong is not null))
            {
                pong.Dispose();
                return;
            }

            _pong?.Dispose();
            _pong = pong;
            _held.MoveTo(_audio);
            if (_busy) return;
            _busy = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Accepts nothing more and drops queued audio; control messages still go out, unless <paramref name="discard"/>.</summary>
    /// <returns>Completes when nothing is being sent any more and every buffer is back.</returns>
    public Task CompleteAsync(bool discard)
    {
        lock (_gate)
        {
            _closed = true;
            _held.Clear();
            _audio.Release();
            if (discard) DiscardControl();
            if (!_busy) _idle.TrySetResult();
        }

        return _idle.Task;
    }

    void IThreadPoolWorkItem.Execute() => _ = DrainAsync(default, AudioFrameEncoder.Take(_samplesPerMessage));

    private bool TrySendFrame(ReadOnlySpan<short> frame)
    {
        ReadOnlySpan<short> message;
        lock (_gate)
        {
            if (_closed) return false;
            if (_busy)
            {
                Enqueue(frame);
                return true;
            }

            if (_held.TryHold(frame)) return true;
            message = _held.Complete(frame);
            _busy = true;
        }

        // Idle means that both queues are empty: nothing is overtaken here.
        try
        {
            AudioFrameEncoder encoder = AudioFrameEncoder.Take(_samplesPerMessage);
            ValueTask send = SendAsync(WebSocketOpcode.Text, encoder.Encode(message));
            counters.AudioMessagesSentCount++;
            if (!send.IsCompleted)
            {
                _ = DrainAsync(send, encoder);
                return true;
            }

            send.GetAwaiter().GetResult();
            encoder.PutBack();
        }
        catch (Exception fault)
        {
            Fail(fault);
            return false;
        }

        // The caller is the playout clock: what came in meanwhile is for the pool to send.
        if (!TryBecomeIdle())
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    private void Enqueue(ReadOnlySpan<short> frame)
    {
        counters.AudioMessagesDelayedCount++;
        int dropped = _audio.Write(frame);
        if (dropped == 0) return;

        counters.AudioDropsCount++;
        counters.AudioSamplesDroppedCount += dropped;
    }

    // Owns every exception, so nobody needs to await it; CompleteAsync awaits its end by way of _idle.
    private async Task DrainAsync(ValueTask underWay, AudioFrameEncoder encoder)
    {
        try
        {
            await underWay.ConfigureAwait(false);
            while (TryTakeNext(encoder, out WebSocketOpcode opcode, out PooledBuffer? control, out Memory<byte> audio))
            {
                using (control)
                {
                    await SendAsync(opcode, control?.WithRoom ?? audio).ConfigureAwait(false);
                }

                if (control is null) counters.AudioMessagesSentCount++;
                else if (opcode == WebSocketOpcode.Text) counters.ControlMessagesSentCount++;
            }

            encoder.PutBack();
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    private bool TryTakeNext(AudioFrameEncoder encoder, out WebSocketOpcode opcode, out PooledBuffer? control, out Memory<byte> audio)
    {
        opcode = WebSocketOpcode.Text;
        control = null;
        audio = default;
        Span<short> frame = stackalloc short[_samplesPerMessage];
        lock (_gate)
        {
            if (_pong is not null)
            {
                opcode = WebSocketOpcode.Pong;
                (control, _pong) = (_pong, null);
                return true;
            }

            long audioUntil = _audio.End;
            if (_control.TryPeek(out (PooledBuffer Message, long AfterSample) next))
            {
                if (next.AfterSample <= _audio.Start)
                {
                    control = _control.Dequeue().Message;
                    return true;
                }

                audioUntil = next.AfterSample;
            }

            frame = frame[..(int)Math.Min(frame.Length, audioUntil - _audio.Start)];
            if (frame.IsEmpty)
            {
                BecomeIdle();
                return false;
            }

            _audio.Read(frame);
        }

        audio = encoder.Encode(frame);
        return true;
    }

    private ValueTask SendAsync(WebSocketOpcode opcode, Memory<byte> roomAndMessage)
    {
        // Of messages; a pong is none.
        if (opcode == WebSocketOpcode.Text) counters.BytesSentCount += roomAndMessage.Length - WebSocketFrame.Room;
        return socket.SendAsync(opcode, roomAndMessage);
    }

    private bool TryBecomeIdle()
    {
        lock (_gate)
        {
            if (_audio.Count > 0 || _control.Count > 0 || _pong is not null) return false;
            BecomeIdle();
            return true;
        }
    }

    private void BecomeIdle()
    {
        _busy = false;
        // Two seconds of room that most calls need only while the setup is being sent.
        _audio.Release();
        if (_closed) _idle.TrySetResult();
    }

    private void Fail(Exception fault)
    {
        lock (_gate)
        {
            _closed = true;
            _held.Clear();
            _audio.Release();
            DiscardControl();
        }

        onFault(fault);
        lock (_gate) BecomeIdle();
    }

    private void DiscardControl()
    {
        _pong?.Dispose();
        _pong = null;
        while (_control.TryDequeue(out (PooledBuffer Message, long AfterSample) item)) item.Message.Dispose();
    }
}
