namespace VoiceGateway.Turns;

/// <summary>
/// Gathers DTMF digits into what the caller meant to key in: the model gets one text for a number, not ten.
/// Complete at <c>#</c>, or after a pause. Clock thread only.
/// </summary>
public sealed class DigitCollector
{
    private const int PauseMs = 1500;
    private const int MaxDigits = 64;

    private readonly char[] _digits = new char[MaxDigits];
    private int _count;
    private int _pauseMs;

    public void Add(char digit)
    {
        if (_count < MaxDigits) _digits[_count++] = digit;
        _pauseMs = digit == '#' ? PauseMs : 0;
    }

    /// <summary>Every 20 ms.</summary>
    /// <returns>The digits when they are complete; mostly null.</returns>
    public string? Tick()
    {
        if (_count == 0) return null;
        _pauseMs += 20;
        if (_pauseMs < PauseMs) return null;
        var digits = new string(_digits, 0, _count);
        _count = 0;
        return digits;
    }
}
