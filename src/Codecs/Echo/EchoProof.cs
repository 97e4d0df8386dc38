namespace VoiceGateway.Codecs;

/// <summary>
/// Proves that what is heard is what was sent, weaker and later. 8 kHz mono.
/// <code>
///   heard, sent ─▶ correlation over the whole band, every delay ─▶ the delay that explains most
///                                          sound that comes after ─▶ does it still explain it? ─▶ proven
/// </code>
/// Two voices on the same vowel are alike below 1 kHz for some tenths of a second, and the best of 2944 delays makes the most of it.
/// So the whole band is compared, where only the same words of the same voice are alike, and a delay is believed for what it
/// explains of the sound that had no part in choosing it.
/// </summary>
internal sealed class EchoProof(EchoReference reference)
{
    private const int BlockSamples = EchoReference.BlockSamples;

    // An echo between two samples moves from one to the other; a wrong delay moves anywhere.
    private const int Reach = 2;
    private const int BlocksToStray = 4;

    // A voice that is nearly as loud as ours is another one: -12.5 dB, -9 dB once there is half a second to judge by.
    private const float LoudestAtFirst = 0.237f;
    private const float Loudest = 0.355f;
    private const int FirstBlocks = 50;

    // A room of 300 ms leaves a quarter of its echo to the strongest delay.
    private const float LeastCoherence = 0.26f;
    private const int LeastTested = 3;

    // For a second after the proof it may be refuted: the same synthesiser began two sentences with the same word.
    private const float RefutedBelow = 0.12f;
    private const int ProbationBlocks = 100;

    private readonly float[] _testCorrelation = new float[2 * Reach + 1];
    private readonly float[] _testSentEnergy = new float[2 * Reach + 1];
    private EchoSearch? _search;
    private float _testHeardEnergy;
    private short _previous;
    private int _tested;
    private int _strayed;
    private int _untold;
    private float _testCoherence;

    /// <summary>The delay that explains most, in samples.</summary>
    public int Delay { get; private set; }

    /// <summary>Stays true until forgotten.</summary>
    public bool IsProven { get; private set; }

    /// <summary>The proof is still to be confirmed: it goes on listening.</summary>
    public bool IsOnProbation => IsProven && _tested < ProbationBlocks;

    /// <summary>A search is under way, and rented.</summary>
    public bool IsSearching => _search is not null;

    /// <summary>What came after the proof was no echo.</summary>
    public bool IsRefuted { get; private set; }

    /// <param name="pcm">10 ms at most, and not silent: silence proves nothing.</param>
    /// <param name="position">The position in what was sent that has no delay against the first sample.</param>
    /// <param name="closely">Nothing is known of the line yet: it is worth more work.</param>
    public void Heard(ReadOnlySpan<short> pcm, long position, bool closely)
    {
        Span<short> white = stackalloc short[BlockSamples + 1];
        white[0] = _previous;
        pcm.CopyTo(white[1..]);
        _previous = pcm[^1];
        Whitening.Apply(white[..(pcm.Length + 1)], white[..pcm.Length]);
        white = white[..pcm.Length];

        Test(white, position);
        if (IsProven)
        {
            Rest();
            return;
        }
        _search ??= EchoSearch.Rent(closely);
        _untold++;
        if (_search.Heard(white, position, reference)) Follow(_search);
    }

    /// <summary>Nobody asks at present: what was found out so far is forgotten, and costs nothing.</summary>
    public void Rest()
    {
        _search?.Return();
        _search = null;
        if (!IsProven) Choose(0);
    }

    public void Forget()
    {
        (IsProven, IsRefuted) = (false, false);
        Rest();
    }

    private void Follow(EchoSearch search)
    {
        _strayed = search.IsDistinct && Math.Abs(search.Delay - Delay) <= Reach ? 0 : _strayed + _untold;
        _untold = 0;
        if (_strayed > 0 && (_testCoherence < search.Coherence / 2 || _strayed >= BlocksToStray)) Choose(search.Delay);
    }

    private void Choose(int delay)
    {
        Array.Clear(_testCorrelation);
        Array.Clear(_testSentEnergy);
        (Delay, _testHeardEnergy, _testCoherence, _tested, _strayed) = (delay, 0, 0, 0, 0);
    }

    private void Test(ReadOnlySpan<short> white, long position)
    {
        Span<float> heard = stackalloc float[BlockSamples];
        heard = heard[..white.Length];
        VectorMath.ToSingle(white, heard);

        // Begins with what comes back earliest.
        Span<short> read = stackalloc short[BlockSamples + 2 * Reach + 1];
        read = read[..(white.Length + 2 * Reach + 1)];
        reference.Read(position - Delay - Reach - 1, read);
        Whitening.Apply(read, read[..^1]);
        Span<float> sent = stackalloc float[BlockSamples + 2 * Reach];
        sent = sent[..(white.Length + 2 * Reach)];
        VectorMath.ToSingle(read[..^1], sent);

        _tested++;
        _testHeardEnergy += VectorMath.Dot(heard, heard);
        var (best, gain) = (0f, 0f);
        for (var i = 0; i <= 2 * Reach; i++)
        {
            var delayed = sent.Slice(2 * Reach - i, heard.Length);
            _testCorrelation[i] += VectorMath.Dot(heard, delayed);
            _testSentEnergy[i] += VectorMath.Dot(delayed, delayed);
            var fit = _testCorrelation[i] * _testCorrelation[i] / (_testSentEnergy[i] + 1);
            if (fit > best) (best, gain) = (fit, Math.Abs(_testCorrelation[i]) / (_testSentEnergy[i] + 1));
        }
        _testCoherence = best / (_testHeardEnergy + 1);
        if (IsProven)
            IsRefuted |= _testCoherence < RefutedBelow;
        else if (_tested >= LeastTested && _testCoherence > Needed(_tested) && _search is { Coherence: > LeastCoherence })
            IsProven = gain < (_tested < FirstBlocks ? LoudestAtFirst : Loudest);
    }

    // The less was heard, the less may be left unexplained.
    private static float Needed(int blocks) => Math.Clamp(0.18f + 4f / blocks, 0.22f, 0.9f);
}
