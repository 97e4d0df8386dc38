using VoiceGateway.Rtp;

namespace VoiceGateway.Calls;

/// <summary>How one direction of a call sounded, by the E-model (ITU-T G.107).</summary>
/// <param name="Mos">Mean opinion score, 1 to 4.5.</param>
/// <param name="RFactor">0 to 93.2; of a wideband call to 129 (G.107.1).</param>
/// <param name="LostPercent">Packets that were not heard: lost, or too late.</param>
/// <param name="BurstRatio">1: losses came singly.</param>
/// <param name="DelayMs">One way, mouth to ear, as far as it is known.</param>
public sealed record QualityStatistics(double Mos, double RFactor, double LostPercent, double BurstRatio, double DelayMs)
{
    public static QualityStatistics? From(StreamQuality? quality) => quality is null ? null : new(
        Math.Round(quality.Mos, 2), Math.Round(quality.Rating, 1), Math.Round(quality.LossPercent, 2), Math.Round(quality.BurstRatio, 2), Math.Round(quality.DelayMs, 1));
}
