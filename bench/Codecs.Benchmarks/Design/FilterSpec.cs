namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>One of the filters of <c>TelephoneTaps</c>, as its table was found.</summary>
/// <param name="Name">Of the table.</param>
/// <param name="RateHz">At which the whole filter runs.</param>
/// <param name="Unknowns">Numbers in the table.</param>
/// <param name="Interpolation">Phases, each of which adds up to one.</param>
/// <param name="Bands">What is wanted.</param>
/// <param name="HalfBand">The table holds every other tap, and nothing of the middle.</param>
internal sealed record FilterSpec(
    string Name, double RateHz, int Unknowns, int Interpolation, FilterBand[] Bands, bool HalfBand = false)
{
    public static FilterSpec[] All { get; } =
    [
        new("From24To8kHz", 24000, 39, 1, [new(0, 3400, 1, 0.025), new(4600, 12000, 0, 1)]),
        // Its images are the mirror of its pass band: what is half as wrong at one end is as loud at the other.
        new("HalfBand", 16000, 17, 1, [new(0, 3400, 1, 0.5)], HalfBand: true),
        new("From24To16kHz", 48000, 78, 2, [new(0, 7400, 1, 0.025), new(8600, 24000, 0, 1)]),
    ];

    /// <summary>How much one more unit of the table's number k adds to the gain.</summary>
    public double Basis(int k, double frequencyHz) =>
        HalfBand ? 2 * Math.Cos(2 * Math.PI * frequencyHz / RateHz * (2 * k + 1))
        : k == 0 ? 1.0 / Interpolation
        : 2.0 / Interpolation * Math.Cos(2 * Math.PI * frequencyHz / RateHz * k);

    /// <summary>Numbers that are added to the same output; the sum of each class is one.</summary>
    public int Class(int k) => HalfBand ? 0 : k % Interpolation;

    public IEnumerable<(double FrequencyHz, double Gain, double Weight)> Grid(double stepHz) =>
        from band in Bands
        from i in Enumerable.Range(0, (int)Math.Ceiling((band.ToHz - band.FromHz) / stepHz) + 1)
        select (Math.Min(band.FromHz + i * stepHz, band.ToHz), band.Gain, band.Weight);
}
