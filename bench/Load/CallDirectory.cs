using System.Collections.Concurrent;

namespace VoiceGateway.Load;

/// <summary>The calls of a run by the numbers that they call from.</summary>
internal sealed class CallDirectory
{
    // Numbers of one length, that no text holds by chance.
    private const int First = 4_930_000;

    private readonly ConcurrentDictionary<int, RtpLine> _lines = new();

    public static int NumberOf(int line) => First + line;

    public void Add(RtpLine line) => _lines[NumberOf(line.Index)] = line;

    public RtpLine? Find(int number) => _lines.GetValueOrDefault(number);
}
