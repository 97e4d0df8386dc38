using VoiceGateway.Codecs;

namespace VoiceGateway.Records;

/// <summary>
/// Records a call as a stereo WAV at 8 kHz: left the caller, right the agent, on the clock's time axis.
/// The clock thread only copies into two rings; a background task writes them to the file, so that a slow disk costs
/// seconds of recording, counted, and never a packet.
/// </summary>
public sealed class StereoRecorder : IAsyncDisposable
{
    private const int SampleRateHz = 8000;
    private const int FrameSamples = CallerTrack.FrameSamples;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly CallerTrack _callerIn = new();
    private readonly SampleRing _caller = new(4 * SampleRateHz);
    private readonly SampleRing _agent = new(4 * SampleRateHz);
    private readonly WavWriter _writer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private readonly TimeProvider _time;
    private long _dropped;

    public StereoRecorder(string path, TimeProvider time)
    {
        Path = path;
        _time = time;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        _writer = new WavWriter(File.Create(path), SampleRateHz, channels: 2);
        _writing = Task.Run(WriteAsync);
    }

    public string Path { get; }

    /// <summary>Samples of either channel that found the rings full, because the disk did not keep up.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Set when the file could not be written; the call goes on without.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The caller's voice as it arrives, any number of samples. Clock thread.</summary>
    public void Caller(ReadOnlySpan<short> pcm8kHz) => _callerIn.Write(pcm8kHz);

    /// <summary>One frame of the agent, every 20 ms: the clock that both channels follow. Clock thread.</summary>
    public void Agent(ReadOnlySpan<short> pcm8kHz)
    {
        Span<short> caller = stackalloc short[FrameSamples];
        var begun = _callerIn.TryRead(caller);
        // Both or neither: the channels stay side by side.
        if (_agent.Free < pcm8kHz.Length || _caller.Free < FrameSamples)
        {
            Volatile.Write(ref _dropped, _dropped + pcm8kHz.Length);
            return;
        }
        _agent.Write(pcm8kHz);
        if (begun) _caller.Write(caller);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WriteAsync()
    {
        var interleaved = new short[2 * FrameSamples];
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await Task.Delay(Period, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Drain(interleaved);
            }
            Drain(interleaved);
        }
        catch (IOException e)
        {
            Fault = e;
        }
        finally
        {
            try { _writer.Dispose(); }
            catch (IOException e) { Fault ??= e; }
        }
    }

    private void Drain(short[] interleaved)
    {
        Span<short> left = stackalloc short[FrameSamples];
        Span<short> right = stackalloc short[FrameSamples];
        while (_caller.Count >= FrameSamples && _agent.Count >= FrameSamples)
        {
            _caller.Read(left);
            _agent.Read(right);
            for (var i = 0; i < FrameSamples; i++) (interleaved[2 * i], interleaved[2 * i + 1]) = (left[i], right[i]);
            _writer.Write(interleaved);
        }
    }
}
