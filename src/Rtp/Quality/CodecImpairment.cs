namespace VoiceGateway.Rtp;

/// <summary>What a codec costs in the E-model, and how well it bears loss.</summary>
/// <param name="Best">
/// Rating of a connection without any impairment: 93.2, where all other parameters have the defaults of ITU-T G.107 table 2, and 129 in the
/// wideband of G.107.1.
/// </param>
/// <param name="Equipment">Ie, or Ie,WB.</param>
/// <param name="Robustness">Bpl: the loss, in percent, at which half of what is left is gone.</param>
public readonly record struct CodecImpairment(double Best, double Equipment, double Robustness)
{
    private const double Narrowband = 93.2;
    private const double Wideband = 129;

    /// <summary>G.711 with losses concealed (its Appendix I): ITU-T G.113 Appendix I, tables I.1 and I.4.</summary>
    public static CodecImpairment G711Concealed { get; } = new(Narrowband, 0, 25.1);

    /// <summary>G.711, silence in place of what is lost: ITU-T G.113 Appendix I, table I.4.</summary>
    public static CodecImpairment G711 { get; } = new(Narrowband, 0, 4.3);

    /// <summary>
    /// G.722 at 64 kbit/s: Ie,WB of ITU-T G.113 Appendix IV. There is no Bpl,WB for it there: the one of G.711 stands in, whose
    /// concealment works in the same way.
    /// </summary>
    public static CodecImpairment G722Concealed { get; } = new(Wideband, 13, 25.1);

    /// <param name="encodingName">As in SDP.</param>
    public static CodecImpairment Of(string encodingName) =>
        encodingName.Equals("G722", StringComparison.OrdinalIgnoreCase) ? G722Concealed : G711Concealed;
}
