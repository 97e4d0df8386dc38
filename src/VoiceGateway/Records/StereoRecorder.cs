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
    private const int FrameSamples = 160;

    // The caller's packets arrive somewhere in the clock's 20 ms; this much of them waits, so that jitter makes no holes.
    private const int PrimedFrames = 2;

    // Beyond this the caller's clock runs ahead of ours: back to where it began.
    private const int MostFrames = 8;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly SampleRing _callerIn = new(SampleRateHz);
    private readonly SampleRing _caller = new(4 * SampleRateHz);
    private readonly SampleRing _agent = new(4 * SampleRateHz);
    private readonly WavWriter _writer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private readonly TimeProvider _time;
    private int _priming = PrimedFrames;

    public StereoRecorder(string path, TimeProvider time)
    {
        Path = path;
        _time = time;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        _writer = new WavWriter(File.Create(path), SampleRateHz, channels: 2);
        _writing = Task.Run(WriteAsync);
    }

    public string Path { get; }

    /// <summary>Samples that found the rings full, because the disk did not keep up.</summary>
    public long Dropped => _caller.Dropped + _agent.Dropped;

    /// <summary>Set when the file could not be written; the call goes on without.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The caller's voice as it arrives, any number of samples. Clock thread.</summary>
    public void Caller(ReadOnlySpan<short> pcm8kHz) => _callerIn.Write(pcm8kHz);

    /// <summary>One frame of the agent, every 20 ms: the clock that both channels follow. Clock thread.</summary>
    public void Agent(ReadOnlySpan<short> pcm8kHz)
    {
        _agent.Write(pcm8kHz);
        if (_priming > 0)
        {
            // What came before the first frame lies before the recording.
            if (_priming-- == PrimedFrames) _callerIn.Skip(_callerIn.Count);
            return;
        }
        if (_callerIn.Count > MostFrames * FrameSamples) _callerIn.Skip(_callerIn.Count - (PrimedFrames + 1) * FrameSamples);
        Span<short> caller = stackalloc short[FrameSamples];
        caller[_callerIn.Read(caller)..].Clear();
        _caller.Write(caller);
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
