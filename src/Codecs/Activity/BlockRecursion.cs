using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceGateway.Codecs;

/// <summary>
/// A cascade of filters of order 2, eight samples at a time. A recursion waits for its own last output; but what eight samples and the
/// state before them make of the next eight, and of the state after them, is a sum of products, and waits for nothing.
/// <code>
///   y[0..7] = Σ x[j] * response to x[j]  +  Σ z[s] * response to z[s]
///   z after = Σ x[j] * what it leaves    +  Σ z[s] * what it leaves
/// </code>
/// Immutable, and shared.
/// </summary>
internal sealed class BlockRecursion
{
    /// <summary>Samples of a block, and room for the state of four sections.</summary>
    public const int Length = 8;

    // Below this the recursion would go on in denormal floats, which are many times slower.
    private const float Negligible = 1e-12f;

    // Of each of the eight samples, then of each of the eight values of the state: eight outputs, and the state that is left.
    private readonly float[] _ofInput = new float[2 * Length * Length];
    private readonly float[] _ofState = new float[2 * Length * Length];

    /// <param name="sections">At most four, each (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2).</param>
    public BlockRecursion(ReadOnlySpan<(double B0, double B1, double B2, double A1, double A2)> sections)
    {
        for (var i = 0; i < Length; i++)
        {
            Follow(sections, input: i, state: -1, _ofInput.AsSpan(2 * Length * i, 2 * Length));
            if (i < 2 * sections.Length) Follow(sections, input: -1, state: i, _ofState.AsSpan(2 * Length * i, 2 * Length));
        }
    }

    /// <param name="samples">A multiple of eight, changed in place.</param>
    /// <param name="state">Eight values, zero at first.</param>
    public void Process(Span<float> samples, Span<float> state)
    {
        ref var x = ref MemoryMarshal.GetReference(samples);
        ref var inputs = ref MemoryMarshal.GetArrayDataReference(_ofInput);
        ref var states = ref MemoryMarshal.GetArrayDataReference(_ofState);
        var z = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(state[..Length]));
        for (nuint n = 0; n + Length <= (nuint)samples.Length; n += Length)
        {
            // The inputs' part first: it need not wait for the block before.
            var (y, next) = (Vector256<float>.Zero, Vector256<float>.Zero);
            for (nuint j = 0; j < Length; j++)
            {
                var sample = Vector256.Create(Unsafe.Add(ref x, n + j));
                y = Vector256.MultiplyAddEstimate(sample, Vector256.LoadUnsafe(ref inputs, 2 * Length * j), y);
                next = Vector256.MultiplyAddEstimate(sample, Vector256.LoadUnsafe(ref inputs, 2 * Length * j + Length), next);
            }

            var z0 = Vector256.Shuffle(z, Vector256.Create(0));
            var z1 = Vector256.Shuffle(z, Vector256.Create(1));
            var z2 = Vector256.Shuffle(z, Vector256.Create(2));
            var z3 = Vector256.Shuffle(z, Vector256.Create(3));
            var z4 = Vector256.Shuffle(z, Vector256.Create(4));
            var z5 = Vector256.Shuffle(z, Vector256.Create(5));
            var z6 = Vector256.Shuffle(z, Vector256.Create(6));
            var z7 = Vector256.Shuffle(z, Vector256.Create(7));
            // Four short sums instead of a long one: the next block waits for them.
            z = (Pair(ref states, Length, 0, z0, z1, next) + Pair(ref states, Length, 2, z2, z3, Vector256<float>.Zero)) +
                (Pair(ref states, Length, 4, z4, z5, Vector256<float>.Zero) + Pair(ref states, Length, 6, z6, z7, Vector256<float>.Zero));
            y = Pair(ref states, 0, 6, z6, z7, Pair(ref states, 0, 4, z4, z5, Pair(ref states, 0, 2, z2, z3, Pair(ref states, 0, 0, z0, z1, y))));
            y.StoreUnsafe(ref x, n);
        }
        z = Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(z), Vector256.Create(Negligible)), Vector256<float>.Zero, z);
        z.StoreUnsafe(ref MemoryMarshal.GetReference(state));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(ref float states, nuint part, nuint first, Vector256<float> a, Vector256<float> b, Vector256<float> sum) =>
        Vector256.MultiplyAddEstimate(b, Vector256.LoadUnsafe(ref states, 2 * Length * (first + 1) + part),
            Vector256.MultiplyAddEstimate(a, Vector256.LoadUnsafe(ref states, 2 * Length * first + part), sum));

    /// <summary>What one input, or one value of the state, of size one makes of a block: one section after the other, in double precision.</summary>
    private static void Follow(ReadOnlySpan<(double B0, double B1, double B2, double A1, double A2)> sections, int input, int state, Span<float> result)
    {
        Span<double> z = stackalloc double[Length];
        z.Clear();
        if (state >= 0) z[state] = 1;
        for (var n = 0; n < Length; n++)
        {
            var x = n == input ? 1.0 : 0;
            // Direct form II transposed.
            for (var s = 0; s < sections.Length; s++)
            {
                var y = sections[s].B0 * x + z[2 * s];
                z[2 * s] = sections[s].B1 * x - sections[s].A1 * y + z[2 * s + 1];
                z[2 * s + 1] = sections[s].B2 * x - sections[s].A2 * y;
                x = y;
            }
            result[n] = (float)x;
        }
        for (var s = 0; s < Length; s++) result[Length + s] = (float)z[s];
    }
}
