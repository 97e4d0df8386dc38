namespace VoiceGateway.Codecs;

/// <summary>The powers (mean squares; 1 is 0 dBov) of the last 1.28 s, 10 ms by 10 ms; zero before anything was added.</summary>
internal sealed class PowerHistory
{
    public const int Length = 128;

    private readonly float[] _powers = new float[Length];
    private int _next;

    public void Add(float power) => _powers[_next++ & (Length - 1)] = power;

    /// <summary>The largest of so many in a row, and of <paramref name="atLeast"/>.</summary>
    /// <param name="ago">The youngest: 0 is the last that was added.</param>
    /// <param name="count">Together with <paramref name="ago"/> at most <see cref="Length"/>.</param>
    /// <param name="atLeast">What there is besides.</param>
    public float Max(int ago, int count, float atLeast)
    {
        Find(ago, count, out var older, out var younger);
        return VectorMath.Max(younger, VectorMath.Max(older, atLeast));
    }

    /// <inheritdoc cref="Max"/>
    public float Min(int ago, int count, float atMost)
    {
        Find(ago, count, out var older, out var younger);
        return VectorMath.Min(younger, VectorMath.Min(older, atMost));
    }

    /// <summary>The sum of what each is above a floor.</summary>
    public float SumAbove(int ago, int count, float floor)
    {
        Find(ago, count, out var older, out var younger);
        return VectorMath.SumAbove(older, floor) + VectorMath.SumAbove(younger, floor);
    }

    private void Find(int ago, int count, out ReadOnlySpan<float> older, out ReadOnlySpan<float> younger)
    {
        var first = (_next - ago - count) & (Length - 1);
        var beforeTheEnd = Math.Min(count, Length - first);
        older = _powers.AsSpan(first, beforeTheEnd);
        younger = _powers.AsSpan(0, count - beforeTheEnd);
    }
}
