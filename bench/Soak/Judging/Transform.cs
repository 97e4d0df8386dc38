namespace VoiceGateway.Soak;

/// <summary>Cooley and Tukey's transform in place, for one size, a power of two.</summary>
internal sealed class Transform
{
    private readonly int _size;
    private readonly double[] _cos;
    private readonly double[] _sin;

    public Transform(int size)
    {
        _size = size;
        (_cos, _sin) = (new double[size / 2], new double[size / 2]);
        for (var k = 0; k < size / 2; k++) (_sin[k], _cos[k]) = Math.SinCos(-2 * Math.PI * k / size);
    }

    public int Size => _size;

    /// <summary>The inverse is the forward one with both parts exchanged, and the size left in.</summary>
    public void Forward(double[] re, double[] im)
    {
        for (int i = 1, j = 0; i < _size; i++)
        {
            var bit = _size >> 1;
            for (; (j & bit) != 0; bit >>= 1) j ^= bit;
            j ^= bit;
            if (i >= j) continue;
            (re[i], re[j]) = (re[j], re[i]);
            (im[i], im[j]) = (im[j], im[i]);
        }
        for (var length = 2; length <= _size; length <<= 1)
        {
            var (half, stride) = (length / 2, _size / length);
            for (var start = 0; start < _size; start += length)
            {
                for (int a = start, b = start + half, k = 0; a < start + half; a++, b++, k += stride)
                {
                    var oddRe = re[b] * _cos[k] - im[b] * _sin[k];
                    var oddIm = re[b] * _sin[k] + im[b] * _cos[k];
                    (re[b], im[b]) = (re[a] - oddRe, im[a] - oddIm);
                    (re[a], im[a]) = (re[a] + oddRe, im[a] + oddIm);
                }
            }
        }
    }
}
