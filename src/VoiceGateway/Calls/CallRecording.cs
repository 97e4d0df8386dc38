using VoiceGateway.Records;

namespace VoiceGateway.Calls;

/// <summary>A call's stereo recording, when a folder is configured. A disk that fails costs the recording, never the call.</summary>
internal sealed partial class CallRecording(CallServices services, string callId, ILogger log) : IAsyncDisposable
{
    private StereoRecorder? _recorder;

    public string? Path => _recorder?.Path;

    /// <summary>From the answer on: calls that nobody answered leave no empty files.</summary>
    public void Start(CallAudioPath audio)
    {
        if (services.Recordings is not { } folder) return;
        try
        {
            _recorder = new StereoRecorder(System.IO.Path.Combine(folder, $"{callId}.wav"), services.Time);
            audio.Attach(_recorder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRecorded(log, e);
        }
    }

    /// <summary>After the leg is off the clock, which writes to it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_recorder is null) return;
        await _recorder.DisposeAsync().ConfigureAwait(false);
        if (_recorder.Fault is not null || _recorder.Dropped > 0) LogIncomplete(log, _recorder.Fault, _recorder.Dropped);
    }

    [LoggerMessage(106, LogLevel.Warning, "The call is not recorded")]
    private static partial void LogNotRecorded(ILogger log, Exception exception);

    [LoggerMessage(107, LogLevel.Warning, "The recording is incomplete: {Dropped} samples dropped")]
    private static partial void LogIncomplete(ILogger log, Exception? exception, long dropped);
}
