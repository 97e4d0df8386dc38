using System.Net.Sockets;
using VoiceGateway.Rtp;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>A leg that holds the gateway's clock up once, as a busy machine does.</summary>
internal sealed class ClockStall(TimeSpan length) : IClocked
{
    private readonly ManualResetEventSlim _never = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Over => _over.Task;

    public Socket? ReadableRtp => null;

    public Socket? ReadableRtcp => null;

    public void OnReadable()
    {
    }

    public void OnTick(long timestamp20ms)
    {
        if (_over.Task.IsCompleted) return;
        _never.Wait(length);
        _over.TrySetResult();
    }

    public void OnFault(Exception exception) => _over.TrySetException(exception);
}
