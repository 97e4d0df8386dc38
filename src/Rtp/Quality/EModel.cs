namespace VoiceGateway.Rtp;

/// <summary>
/// The E-model (ITU-T G.107, G.107.1) for a call whose only impairments are the codec, loss and delay:
/// <c>R = best − Idd − Ie,eff</c>. Our end returns no echo and makes no noise; all that G.107 asks about telephones has its default,
/// which is in the best rating already.
/// </summary>
public static class EModel
{
    // G.107 section 7.4: delay below mT harms nobody, and sT says how sharply harm sets in. Defaults of table 2.
    private const double LeastPerceptibleMs = 100;
    private const double Sensitivity = 1;

    // Section 7.5: a listener who hears nothing.
    private const double WorstImpairment = 95;

    /// <summary>The transmission rating factor: 0 to 93.2 with a narrowband codec, to 129 with a wideband one.</summary>
    /// <param name="codec">What was spoken.</param>
    /// <param name="lossPercent">Ppl: packets that were not heard.</param>
    /// <param name="burstRatio">BurstR: mean length of a burst, as a multiple of what it would be if losses were independent.</param>
    /// <param name="delayMs">Ta: one way, mouth to ear.</param>
    public static double Rating(CodecImpairment codec, double lossPercent, double burstRatio, double delayMs) =>
        Math.Clamp(codec.Best - DelayImpairment(delayMs) - EffectiveImpairment(codec, lossPercent, burstRatio), 0, codec.Best);

    /// <summary>Mean opinion score (MOS-CQE), 1 to 4.5: G.107 Annex B; a wideband rating is brought to its scale first (G.107.1 Annex A).</summary>
    public static double Mos(CodecImpairment codec, double rating)
    {
        var r = codec.Best > 100 ? rating * 100 / codec.Best : rating;
        return r <= 0 ? 1 : r >= 100 ? 4.5 : Math.Max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
    }

    /// <summary>Idd, G.107 section 7.4: what too long a delay does to a conversation without echo.</summary>
    internal static double DelayImpairment(double delayMs)
    {
        if (delayMs <= LeastPerceptibleMs) return 0;
        var x = Math.Log2(delayMs / LeastPerceptibleMs);
        return 25 * (Norm(x) - 3 * Norm(x / 3) + 2);

        static double Norm(double x) => Math.Pow(1 + Math.Pow(x, 6 * Sensitivity), 1 / (6 * Sensitivity));
    }

    /// <summary>Ie,eff, G.107 section 7.5: the codec's own impairment and what loss adds.</summary>
    internal static double EffectiveImpairment(CodecImpairment codec, double lossPercent, double burstRatio) =>
        lossPercent <= 0 ? codec.Equipment
        : codec.Equipment + (WorstImpairment - codec.Equipment) * lossPercent / (lossPercent / Math.Max(1, burstRatio) + codec.Robustness);
}
