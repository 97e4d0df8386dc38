namespace VoiceGateway.Soak;

/// <summary>Finds a piece of audio in a longer one by normalised cross-correlation. Not thread-safe.</summary>
internal sealed class Searcher
{
    private readonly Dictionary<int, (Transform Transform, double[] ARe, double[] AIm, double[] BRe, double[] BIm)> _bySize = [];

    /// <returns>Where the piece begins, and how alike the two are there, 0 to 1.</returns>
    public (int At, double Likeness) Find(ReadOnlySpan<short> piece, ReadOnlySpan<short> within)
    {
        if (within.Length < piece.Length) return (-1, 0);
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(within.Length + piece.Length));
        if (!_bySize.TryGetValue(size, out var work))
            _bySize[size] = work = (new Transform(size), new double[size], new double[size], new double[size], new double[size]);
        var (transform, aRe, aIm, bRe, bIm) = work;
        Load(piece, aRe, aIm);
        Load(within, bRe, bIm);
        transform.Forward(aRe, aIm);
        transform.Forward(bRe, bIm);
        for (var i = 0; i < size; i++)
            (bRe[i], bIm[i]) = (bRe[i] * aRe[i] + bIm[i] * aIm[i], bIm[i] * aRe[i] - bRe[i] * aIm[i]);
        transform.Forward(bIm, bRe);

        double ofPiece = 0, ofPlace = 0;
        foreach (var s in piece) ofPiece += (double)s * s;
        for (var i = 0; i < piece.Length; i++) ofPlace += (double)within[i] * within[i];
        var (at, best) = (-1, 0.0);
        for (var i = 0; ; i++)
        {
            var likeness = bRe[i] / size / Math.Sqrt(ofPiece * ofPlace + 1);
            if (likeness > best) (at, best) = (i, likeness);
            if (i + piece.Length >= within.Length) return (at, best);
            ofPlace += (double)within[i + piece.Length] * within[i + piece.Length] - (double)within[i] * within[i];
        }
    }

    public static double Likeness(ReadOnlySpan<short> a, ReadOnlySpan<short> b)
    {
        long cross = 0, ofA = 0, ofB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            cross += a[i] * b[i];
            ofA += a[i] * a[i];
            ofB += b[i] * b[i];
        }
        return cross / Math.Sqrt((double)ofA * ofB + 1);
    }

    private static void Load(ReadOnlySpan<short> pcm, double[] re, double[] im)
    {
        for (var i = 0; i < pcm.Length; i++) re[i] = pcm[i];
        re.AsSpan(pcm.Length).Clear();
        im.AsSpan().Clear();
    }
}
