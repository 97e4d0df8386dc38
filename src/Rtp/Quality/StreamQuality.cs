namespace VoiceGateway.Rtp;

/// <summary>How one direction of a call has sounded so far, by the E-model.</summary>
/// <param name="Mos">Mean opinion score, 1 to 4.5; of a wideband call on the scale of wideband calls.</param>
/// <param name="Rating">R.</param>
/// <param name="LossPercent">Packets that were not heard: lost, or too late.</param>
/// <param name="BurstRatio">1: losses came singly, as chance has it.</param>
/// <param name="DelayMs">One way: packet, network, playout; without the network as long as no round trip has been measured.</param>
public sealed record StreamQuality(double Mos, double Rating, double LossPercent, double BurstRatio, double DelayMs)
{
    internal static StreamQuality Of(CodecImpairment codec, double lossPercent, double burstRatio, double delayMs)
    {
        var rating = EModel.Rating(codec, lossPercent, burstRatio, delayMs);
        return new(EModel.Mos(codec, rating), rating, lossPercent, burstRatio, delayMs);
    }
}
