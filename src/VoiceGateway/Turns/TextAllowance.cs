namespace VoiceGateway.Turns;

/// <summary>
/// How many text messages one call takes: two a second, some at once, and so many in all. Each is a turn of the model's and a line of the
/// transcript, and a peer may send thousands a second.
/// </summary>
internal sealed class TextAllowance(TimeProvider time)
{
    public const int AtOnce = 5;
    public const int InAll = 300;
    private const double PerSecond = 2;

    private readonly Lock _gate = new();
    private double _tokens = AtOnce;
    private long _since = time.GetTimestamp();
    private int _taken;

    public bool TryTake()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(AtOnce, _tokens + time.GetElapsedTime(_since, now).TotalSeconds * PerSecond);
            _since = now;
            if (_tokens < 1 || _taken == InAll) return false;
            _tokens--;
            _taken++;
            return true;
        }
    }
}
