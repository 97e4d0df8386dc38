using System.Globalization;
using System.Numerics;

namespace VoiceGateway.GeminiLive;

/// <summary>Collects what the rules find.</summary>
internal sealed class LiveSetupFindings
{
    private readonly List<LiveSetupViolation> _all = [];

    public IReadOnlyList<LiveSetupViolation> All => _all;

    public void Refuse(string setting, string problem, string remedy) => _all.Add(new LiveSetupViolation(setting, problem, remedy));

    public void Advise(string setting, string problem, string remedy) =>
        _all.Add(new LiveSetupViolation(setting, problem, remedy) { IsAdvice = true });

    /// <summary>Both ends included; NaN is outside of everything.</summary>
    public void Range<T>(string setting, T? value, T least, T most, string unit = "")
        where T : struct, INumber<T>
    {
        if (value is not { } number || (number >= least && number <= most)) return;
        Refuse(
            setting,
            string.Create(CultureInfo.InvariantCulture, $"{number}{unit} is out of range"),
            string.Create(CultureInfo.InvariantCulture, $"choose {least} to {most}{unit}"));
    }
}
