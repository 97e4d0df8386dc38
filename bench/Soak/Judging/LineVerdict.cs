namespace VoiceGateway.Soak;

/// <summary>What became of one caller's audio.</summary>
/// <param name="Call">Whose.</param>
/// <param name="SentSeconds">All of it, silence too.</param>
/// <param name="VoicedSeconds">The part in which the caller spoke.</param>
/// <param name="VoicedLostSeconds">Of that, what no connection received.</param>
/// <param name="FramesReceived">Of 20 ms, over all connections.</param>
/// <param name="FramesTwice">Replayed.</param>
/// <param name="FramesUnknown">Nothing that the caller had sent: zeros in the place of a late packet.</param>
/// <param name="FramesBackwards">Out of order within a connection.</param>
/// <param name="ForgottenSeconds">Speech that a connection received after the last state that the next one went on from, and that was not sent again.</param>
/// <param name="ForgottenWords">Of it, where and how much, in ms, what is longer than a syllable.</param>
/// <param name="Holes">What is missing.</param>
/// <param name="RotationsMissingMs">What is missing at each rotation.</param>
internal sealed record LineVerdict(
    int Call, double SentSeconds, double VoicedSeconds, double VoicedLostSeconds, long FramesReceived, long FramesTwice, long FramesUnknown, long FramesBackwards,
    double ForgottenSeconds, IReadOnlyList<(double FromMs, double VoicedMs)> ForgottenWords, IReadOnlyList<Hole> Holes, IReadOnlyList<double> RotationsMissingMs);
