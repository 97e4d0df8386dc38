using System.Globalization;
using System.Text;

namespace VoiceGateway.Robustness;

/// <summary>The table of <c>bench/reports/robustness.md</c>.</summary>
internal static class RobustnessReport
{
    public const string Own = "own";
    public const string Netem = "netem";

    private const string Command = "make robustness";

    /// <param name="verdicts">In the order of the table.</param>
    /// <param name="refusal">Why there is no netem here; null when there is.</param>
    public static string ToMarkdown(IReadOnlyList<CallVerdict> verdicts, string? refusal)
    {
        var text = new StringBuilder();
        Line($"# What the model hears over bad networks");
        Line($"");
        Line($"`{Command}`; whole calls over real sockets, 28 s of speech each. What the Live simulator received beside what a perfect line would have brought, from the same codec and resampler.");
        Line($"");
        Line($"- **SNR**: segmental, over 20 ms of speech each, from -10 to 35 dB; 35 is the same samples. A wave that is made up in place of a lost one is seldom the lost one, whatever it sounds like: zeros may have the better SNR.");
        Line($"- **with zeros**: how the same losses would do as zeros, with every other packet in time.");
        Line($"- **distance**: difference of the spectra in dB, in 24 bands; 0 is the same.");
        Line($"- **moved**: by how much the voice was shifted within itself, all shifts added up: what was filled in before a packet that was only late.");
        Line($"- lost, late, reordered, twice, foreign: packets as the gateway counted them. filled: what stood in for what did not arrive.");
        Line($"");
        foreach (var road in (string[])[Own, Netem])
        {
            var some = verdicts.Where(v => v.Road == road).ToList();
            if (road == Netem)
            {
                Line($"## netem in a network namespace");
                Line($"");
                if (refusal is not null) Line($"Not on this machine: `{refusal}`\n");
            }
            else
            {
                Line($"## The caller's own impairments");
                Line($"");
            }
            if (some.Count == 0) continue;
            Line($"| codec | network | SNR (dB) | with zeros | distance (dB) | with zeros | moved (ms) | received | lost | late | reordered | twice | foreign | jitter (ms) | filled (ms) |");
            Line($"|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
            foreach (var v in some) Row(v);
            Line($"");
        }
        return text.ToString();

        void Row(CallVerdict v)
        {
            var book = v.Book is { } b ? string.Create(CultureInfo.InvariantCulture, $"{b.Received} | {b.Lost} | {b.Late} | {b.Reordered} | {b.Duplicates} | {b.Foreign} | {b.JitterMs:F1} | {b.FilledMs:F0}") : "| | | | | | | ";
            Line($"| {v.Case.Codec} | {v.Case.Name} | {v.Voice.SegmentalSnrDb:F1} | {v.WithZeros?.SegmentalSnrDb:F1} | {v.Voice.SpectralDistanceDb:F2} | {v.WithZeros?.SpectralDistanceDb:F2} | {v.Voice.ShiftedMs:F0} | {book} |");
        }

        void Line(FormattableString line) => Write(text, line);
    }

    /// <param name="verdicts">In the order of the table.</param>
    /// <param name="missing">Why there is no recogniser here; null when there is.</param>
    public static string OfWords(IReadOnlyList<WordVerdict> verdicts, string? missing)
    {
        var text = new StringBuilder();
        Write(text, $"## Words");
        Write(text, $"");
        Write(text, $"Twenty recorded sentences, said several times over each of the caller's own networks, with other losses each time. What the model received of them is given to a recogniser (pocketsphinx, which knows these sentences' words and which of them follow one another).");
        Write(text, $"");
        if (missing is not null) Write(text, $"Not on this machine: {missing}");
        if (verdicts.Count == 0) return text.ToString();
        Write(text, $"| codec | network | words said | heard (%) | with zeros (%) |");
        Write(text, $"|---|---|---|---|---|");
        foreach (var v in verdicts) Write(text, $"| {v.Case.Codec} | {v.Case.Name} | {v.Words} | {v.Percent:F1} | {v.PercentWithZeros:F1} |");
        return text.ToString();
    }

    private static void Write(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
