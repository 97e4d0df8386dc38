using System.Collections.Concurrent;

namespace VoiceGateway.Rtp.Tests;

/// <summary>Writes down what it is called with, one line a call: "audio 160", "lost 320", "stream", "digit 5".</summary>
internal sealed class RecordingReceiver : IRtpReceiver
{
    private readonly ConcurrentQueue<string> _events = new();

    public Action<long>? Ticked { get; set; }

    public Action? Heard { get; set; }

    public uint FirstTimestamp { get; set; }

    public ConcurrentQueue<(byte PayloadType, byte[] Payload, uint Timestamp, bool Marker)> Audio { get; } = new();

    public Exception? Fault { get; private set; }

    public IReadOnlyList<string> Events => [.. _events];

    public string Digits => string.Concat(_events.Where(e => e.StartsWith("digit", StringComparison.Ordinal)).Select(e => e[^1]));

    public void OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
    {
        Heard?.Invoke();
        Audio.Enqueue((payloadType, payload.ToArray(), timestamp, marker));
        _events.Enqueue($"audio {timestamp - FirstTimestamp}");
    }

    public void OnLost(int samples) => _events.Enqueue($"lost {samples}");

    public void OnComfortNoise(ReadOnlySpan<byte> payload, uint timestamp) => _events.Enqueue($"noise {timestamp - FirstTimestamp} {payload[0]}");

    public bool WantsHalfTicks { get; set; }

    public Action? HalfTicked { get; set; }

    public void OnHalfTick() => HalfTicked?.Invoke();

    public void OnStreamChanged(uint ssrc) => _events.Enqueue("stream");

    public void OnDigit(char digit) => _events.Enqueue($"digit {digit}");

    public void OnTick(long deadlineStopwatchTicks) => Ticked?.Invoke(deadlineStopwatchTicks);

    public void OnFault(Exception exception) => Fault = exception;
}
