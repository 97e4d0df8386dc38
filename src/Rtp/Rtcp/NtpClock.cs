namespace VoiceGateway.Rtp;

/// <summary>
/// NTP time (RFC 3550 section 4) that starts at the wall clock and then runs with the monotonic one, so that setting the wall clock
/// during a call does not show up as round-trip time.
/// </summary>
internal sealed class NtpClock
{
    private const long SecondsFrom1900To1970 = 2_208_988_800;

    private readonly double _startSeconds;
    private readonly long _startTicks;
    private readonly long _ticksPerSecond;

    public NtpClock(TimeProvider time)
    {
        _startTicks = time.GetTimestamp();
        _ticksPerSecond = time.TimestampFrequency;
        _startSeconds = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds + SecondsFrom1900To1970;
    }

    /// <summary>32 bits of seconds since 1900 (modulo 2^32) and 32 of fraction.</summary>
    public ulong At(long ticks)
    {
        var seconds = _startSeconds + ((ticks - _startTicks) / (double)_ticksPerSecond);
        var whole = Math.Floor(seconds);
        return ((ulong)(uint)(long)whole << 32) | (uint)((seconds - whole) * uint.MaxValue);
    }

    /// <summary>The middle 32 bits: 16 of seconds, 16 of fraction.</summary>
    public uint MiddleAt(long ticks) => (uint)(At(ticks) >> 16);
}
