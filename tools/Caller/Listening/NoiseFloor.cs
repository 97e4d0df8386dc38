namespace VoiceGateway.Caller;

/// <summary>
/// The level above which a frame is speech: -50 dBov, or 9 dB above comfort noise that is louder than usual.
/// </summary>
/// <remarks>
/// Comfort noise is steady and speech is not: only half a second in which no frame differs from another by more than 6 dB moves the level.
/// It never rises above -38 dBov, so that a steady tone is still heard.
/// </remarks>
internal sealed class NoiseFloor
{
    private const int WindowFrames = 25;
    private const double Steady = 4;
    private const double Margin = 8;
    private static readonly double Highest = SpeechLevel.MeanSquareAt(-38);
    private int _frames;
    private double _least = double.MaxValue;
    private double _most;

    public double SpeechMeanSquare { get; private set; } = SpeechLevel.SilenceMeanSquare;

    public bool IsSpeech(double meanSquare)
    {
        _least = Math.Min(_least, meanSquare);
        _most = Math.Max(_most, meanSquare);
        if (++_frames == WindowFrames)
        {
            if (_most <= Steady * _least || _most < SpeechLevel.SilenceMeanSquare)
                SpeechMeanSquare = Math.Clamp(Margin * _least, SpeechLevel.SilenceMeanSquare, Highest);
            _frames = 0;
            _least = double.MaxValue;
            _most = 0;
        }
        return meanSquare >= SpeechMeanSquare;
    }
}
