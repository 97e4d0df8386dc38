namespace VoiceGateway.Turns;

/// <summary>
/// One key press may come twice, as RTP events (RFC 4733) and as INFO: a peer that is not sure sends both. The second of a pair is
/// taken out; presses that come one way only all count. One thread at a time.
/// </summary>
public sealed class DigitMerge(TimeProvider time)
{
    // INFO over UDP may have been repeated on its way; nobody presses the same key once by either way within this.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private const int Most = 64;

    private readonly List<(char Digit, bool ByInfo, long At)> _single = [];

    /// <param name="digit">The key.</param>
    /// <param name="byInfo">By INFO; else in the RTP stream.</param>
    /// <returns>False: its twin has been here already.</returns>
    public bool IsNew(char digit, bool byInfo)
    {
        var now = time.GetTimestamp();
        _single.RemoveAll(s => time.GetElapsedTime(s.At, now) > Window);
        var twin = _single.FindIndex(s => s.Digit == digit && s.ByInfo != byInfo);
        if (twin >= 0)
        {
            _single.RemoveAt(twin);
            return false;
        }
        if (_single.Count < Most) _single.Add((digit, byInfo, now));
        return true;
    }
}
