using System.Collections.Concurrent;
using VoiceGateway.Codecs;

namespace VoiceGateway.Media;

/// <summary>
/// What a caller hears while nothing is said, so that the line does not seem dead: white noise of one level (the plainest of
/// RFC 3389's). A stretch of it is made once for all calls; since white noise has no memory, any place of it may follow any other.
/// </summary>
internal sealed class PlayoutNoise
{
    private const int Samples = 1 << 14;
    private const int LongestFrame = 1 << 9;

    private static readonly ConcurrentDictionary<int, short[]> Made = new();

    private readonly short[] _noise;
    private uint _random = (uint)Random.Shared.Next() | 1;

    /// <param name="levelDbov">-127 to -30; 0 dBov is a full-scale square wave (RFC 3389 section 3.1).</param>
    public PlayoutNoise(int levelDbov) => _noise = Made.GetOrAdd(levelDbov, static level => Make(level));

    /// <param name="frame">512 samples at most, of either rate.</param>
    public void Fill(Span<short> frame)
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        _noise.AsSpan((int)(_random % Samples), frame.Length).CopyTo(frame);
    }

    private static short[] Make(int levelDbov)
    {
        var generator = new ComfortNoise();
        generator.Update([(byte)-levelDbov]);
        var noise = new short[Samples + LongestFrame];
        generator.Fill(noise);
        return noise;
    }
}
