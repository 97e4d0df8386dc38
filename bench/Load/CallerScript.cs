namespace VoiceGateway.Load;

/// <summary>
/// Who speaks when, in frames of 20 ms; the caller's part, which the agent's follows by hearing it:
/// <code>
/// caller  silence: the greeting is heard |= speaks 5 s =|                        |= …      every fourth time  |= 2 s, and on =
/// agent   == greeting ==                                 .2 s |== answers 4.8 s ==|                 |== answers ==x interrupted
///         0                              0              250                     500        0       250         400         500
/// </code>
/// Each caller begins at another moment of the ten seconds, so that at every moment half of them speak.
/// </summary>
internal sealed class CallerScript(int line)
{
    public const int CycleFrames = 500;

    private const int SpeechFrames = 250;
    private const int InterruptingFrom = 400;
    private const int InterruptsEvery = 4;

    private readonly int _line = line;

    // The golden ratio spreads any number of lines evenly.
    private int _frame = -SpeechFrames - (int)(line * 0.6180339887498949 % 1 * CycleFrames);
    private int _speech;
    private int _utterance = line;

    /// <summary>Takes the next frame: whether the caller speaks, and how far into the utterance that is.</summary>
    public bool Next(out int utterance, out int frame)
    {
        var speaks = Speaks(_frame++);
        if (!speaks && _speech > 0) (_speech, _utterance) = (0, _utterance + 1);
        (utterance, frame) = (_utterance, _speech);
        if (speaks) _speech++;
        return speaks;
    }

    private bool Speaks(int frame)
    {
        if (frame < 0) return false;
        var at = frame % CycleFrames;
        return at < SpeechFrames || (at >= InterruptingFrom && ((frame / CycleFrames) + _line) % InterruptsEvery == 0);
    }
}
