using System.Diagnostics;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>
/// Times rows that are to be compared: in turn, a millisecond each, again and again, so that a busy moment of the machine hits all alike.
/// What counts is the quarter of the rounds in which a row was left alone the most.
/// </summary>
internal static class SideBySide
{
    private const int Rounds = 60;
    private const double RoundMs = 1;

    /// <returns>Nanoseconds an operation, row by row.</returns>
    public static double[] Nanoseconds(params Action[] rows)
    {
        // Long enough for the runtime to compile what is hot once more.
        var counts = rows.Select(static row => (int)Math.Max(1, RoundMs * 1e6 / Warm(row))).ToArray();
        var times = rows.Select(static _ => new double[Rounds]).ToArray();
        for (var round = 0; round < Rounds; round++)
            for (var row = 0; row < rows.Length; row++)
                times[row][round] = Time(rows[row], counts[row]);
        return [.. times.Select(static t => t.Order().ElementAt(Rounds / 4))];
    }

    private static double Warm(Action row)
    {
        var least = double.MaxValue;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalMilliseconds < 400;)
            least = Math.Min(least, Time(row, 50));
        return least;
    }

    private static double Time(Action row, int count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) row();
        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / count;
    }
}
