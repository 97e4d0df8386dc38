namespace VoiceGateway.Codecs;

/// <summary>
/// Proves that what is heard is what was sent, weaker and later. 8 kHz mono, nothing allocated after construction.
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
    /// <summary>Delays that are looked at, in samples: from 16 ms before "at once" (a packet that came early) to 352 ms.</summary>
    public const int Lags = 2944;

    public const int EarliestLag = -128;

    private const int BlockSamples = EchoReference.BlockSamples;

    // 10 ms a step: half a second, the length of a few syllables.
    private const float Forgetting = 0.98f;

    // Speech falls off with frequency; a flat spectrum makes a sharp peak.
    private const float Whitening = 0.8f;

    // The peak against the mean over all delays: 2 for a tone.
    private const float Distinct = 4;

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

    private readonly float[] _correlation = new float[Lags];
    private readonly float[] _sentEnergy = new float[Lags];
    private readonly float[] _testCorrelation = new float[2 * Reach + 1];
    private readonly float[] _testSentEnergy = new float[2 * Reach + 1];
    private float _heardEnergy;
    private float _testHeardEnergy;
    private float _previous;
    private int _tested;
    private int _strayed;
    private float _coherence;
    private float _testCoherence;

    /// <summary>The delay that explains most, in samples.</summary>
    public int Delay { get; private set; }

    /// <summary>Stays true until forgotten.</summary>
    public bool IsProven { get; private set; }

    /// <summary>The proof is still to be confirmed: it goes on listening.</summary>
    public bool IsOnProbation => IsProven && _tested < ProbationBlocks;

    /// <summary>What came after the proof was no echo.</summary>
    public bool IsRefuted { get; private set; }

    /// <param name="pcm">10 ms at most, and not silent: silence proves nothing.</param>
    /// <param name="position">The position in what was sent that has no delay against the first sample.</param>
    public void Heard(ReadOnlySpan<short> pcm, long position)
    {
        Span<float> heard = stackalloc float[BlockSamples];
        heard = heard[..pcm.Length];
        for (var i = 0; i < pcm.Length; i++)
        {
            heard[i] = pcm[i] - Whitening * _previous;
            _previous = pcm[i];
        }

        // The longest delay first: entry k + n is sample n delayed by (Lags - 1 - k + EarliestLag).
        Span<float> sent = stackalloc float[Lags + BlockSamples];
        sent = sent[..(Lags + pcm.Length)];
        reference.Read(position - EarliestLag - Lags, sent);
        for (var i = sent.Length - 1; i > 0; i--) sent[i] -= Whitening * sent[i - 1];
        sent = sent[1..];

        Test(heard, sent);
        if (IsProven) return;
        _heardEnergy = Forgetting * _heardEnergy + VectorMath.Dot(heard, heard);
        VectorMath.Correlate(_correlation, Forgetting, heard, sent);
        Weigh(sent, pcm.Length);
        Search();
    }

    public void Forget()
    {
        Array.Clear(_correlation);
        Array.Clear(_sentEnergy);
        (_heardEnergy, _coherence, IsProven, IsRefuted) = (0, 0, false, false);
        Choose(0);
    }

    private void Search()
    {
        var strongest = 0f;
        foreach (var energy in _sentEnergy) strongest = Math.Max(strongest, energy);
        // A delay at which we hardly spoke explains nothing, however well it fits.
        var floor = strongest * 0.05f + 1;
        var (best, at, sum) = (0f, 0, 0f);
        for (var k = 0; k < Lags; k++)
        {
            var fit = _correlation[k] * _correlation[k] / Math.Max(_sentEnergy[k], floor);
            sum += fit;
            if (fit > best) (best, at) = (fit, k);
        }
        _coherence = best / (_heardEnergy + 1);
        var delay = Lags - 1 - at + EarliestLag;
        if (best * Lags > Distinct * sum && Math.Abs(delay - Delay) <= Reach)
            _strayed = 0;
        else if (_testCoherence < _coherence / 2 || ++_strayed == BlocksToStray)
            Choose(delay);
    }

    private void Choose(int delay)
    {
        Array.Clear(_testCorrelation);
        Array.Clear(_testSentEnergy);
        (Delay, _testHeardEnergy, _testCoherence, _tested, _strayed) = (delay, 0, 0, 0, 0);
    }

    private void Test(ReadOnlySpan<float> heard, ReadOnlySpan<float> sent)
    {
        _tested++;
        _testHeardEnergy += VectorMath.Dot(heard, heard);
        var (best, gain) = (0f, 0f);
        for (var i = 0; i <= 2 * Reach; i++)
        {
            var k = Lags - 1 + EarliestLag - (Delay - Reach + i);
            if (k is < 0 or >= Lags) continue;
            var delayed = sent.Slice(k, heard.Length);
            _testCorrelation[i] += VectorMath.Dot(heard, delayed);
            _testSentEnergy[i] += VectorMath.Dot(delayed, delayed);
            var fit = _testCorrelation[i] * _testCorrelation[i] / (_testSentEnergy[i] + 1);
            if (fit > best) (best, gain) = (fit, Math.Abs(_testCorrelation[i]) / (_testSentEnergy[i] + 1));
        }
        _testCoherence = best / (_testHeardEnergy + 1);
        if (IsProven)
            IsRefuted |= _testCoherence < RefutedBelow;
        else if (_tested >= LeastTested && _testCoherence > Needed(_tested) && _coherence > LeastCoherence)
            IsProven = gain < (_tested < FirstBlocks ? LoudestAtFirst : Loudest);
    }

    // The less was heard, the less may be left unexplained.
    private static float Needed(int blocks) => Math.Clamp(0.18f + 4f / blocks, 0.22f, 0.9f);

    // What was sent at each delay; doubles, since a sum that slides must come back to nothing.
    private void Weigh(ReadOnlySpan<float> sent, int length)
    {
        var energy = 0.0;
        for (var n = 0; n < length; n++) energy += (double)sent[n] * sent[n];
        for (var k = 0; k < Lags; k++)
        {
            _sentEnergy[k] = Forgetting * _sentEnergy[k] + (float)energy;
            if (k + length < sent.Length) energy += (double)sent[k + length] * sent[k + length] - (double)sent[k] * sent[k];
        }
    }
}
