using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Media;

/// <summary>A caller with the loudspeaker on: what it hears goes back to the gateway, weaker and later, mixed with what it says.</summary>
internal sealed class EchoingCaller : IAsyncDisposable
{
    private readonly MeasuringPeer _peer;
    private readonly double _gain;
    private readonly Queue<short[]> _words = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _pump;

    /// <param name="peer">Stays the owner's.</param>
    /// <param name="returnLossDb">By how much the echo is weaker.</param>
    /// <param name="delayMs">Beside the way there and back; whole frames.</param>
    public EchoingCaller(MeasuringPeer peer, double returnLossDb, int delayMs)
    {
        (_peer, _gain) = (peer, Math.Pow(10, -returnLossDb / 20));
        peer.Say(new short[delayMs * 8]);
        _pump = PumpAsync();
    }

    /// <summary>8 kHz, whole frames.</summary>
    public void Say(short[] pcm)
    {
        lock (_words)
            foreach (var frame in pcm.Chunk(160)) _words.Enqueue(frame);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
    }

    private async Task PumpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            while (_peer.Received.TryDequeue(out var heard)) _peer.Say(Answer(heard.Pcm));
            await Task.Delay(4, CancellationToken.None);
        }
    }

    // The loudspeaker, a first reflection after 5 ms within the frame, the microphone.
    private short[] Answer(short[] heard)
    {
        short[]? words;
        lock (_words) _words.TryDequeue(out words);
        var frame = new short[160];
        for (var i = 0; i < frame.Length; i++)
        {
            var reflected = i >= 40 ? 0.3 * heard[i - 40] : 0;
            frame[i] = (short)Math.Clamp(_gain * (heard[i] + reflected) / 1.05 + (words?[i] ?? 0), short.MinValue, short.MaxValue);
        }
        return frame;
    }
}
