namespace VoiceGateway.Rtp;

internal enum LatchVerdict
{
    Accepted,

    /// <summary>Accepted, and packets go to this source from now on.</summary>
    Latched,

    /// <summary>Not the source of this call.</summary>
    Foreign,
}
