namespace VoiceGateway.Media;

/// <summary>Playout's level and its way to another: down at once, without a click; up over a whole frame, nobody waits for it.</summary>
internal sealed class PlayoutGain
{
    private const int DownMs = 8;

    private float _gain = 1;
    private float _target = 1;

    /// <summary>Any thread.</summary>
    public void Set(float target) => Volatile.Write(ref _target, target);

    /// <summary>Nothing sounds: the new level is there.</summary>
    public void Arrive() => _gain = Volatile.Read(ref _target);

    /// <returns>False: the level is 1, and nothing was changed.</returns>
    public bool Apply(Span<short> frame, int sampleRateHz)
    {
        var target = Volatile.Read(ref _target);
        if (_gain == 1 && target == 1) return false;
        var ramp = target < _gain ? Math.Min(frame.Length, sampleRateHz * DownMs / 1000) : frame.Length;
        var step = (target - _gain) / ramp;
        for (var i = 0; i < frame.Length; i++) frame[i] = (short)(frame[i] * (_gain = i < ramp - 1 ? _gain + step : target));
        _gain = target;
        return true;
    }
}
