using VoiceGateway.Caller;
using VoiceGateway.Media;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>
/// What the gateway gave the model for packets of the caller's that came late (<see cref="Uplink"/>). The softphone's thread is one of many;
/// on a machine that has more to do than it can, it may be held up for longer than the gateway waits. Then a frame is put in, the packets follow
/// all the same, and what is left of a line comes 20 ms later than it began: no fault of anybody's, and noise to a rigid comparison.
/// </summary>
internal sealed class UplinkFills(GatewayRig rig) : IProgress<CallerEvent>
{
    private const int Frame = Uplink.FrameSamples16kHz;
    private const int FramesPerSecond = 50;

    private double? _before;
    private double _until;

    /// <summary>
    /// Put in from the greeting to the last answer: on a machine that keeps up none. What stands for the caller's first packet, and for those
    /// that do not come any more once it hangs up, is in no line.
    /// </summary>
    public int Frames => (int)Math.Round((_until - (_before ?? 0)) * FramesPerSecond);

    public void Report(CallerEvent value)
    {
        if (value.Kind != CallerEventKind.AgentSpeaks || rig.Gateway.Calls.All.SingleOrDefault()?.Snapshot().Playout is not { } playout) return;
        _before ??= playout.FilledSeconds;
        _until = playout.FilledSeconds;
    }

    /// <summary>
    /// The recording without what was put in, as far as the line goes. Nothing but whole frames is taken out, so many at most, and never is anything
    /// put back: what the recording lacks, or holds twice on top of that, is there to be heard. With none the recording as it is.
    /// </summary>
    /// <param name="line">At 16 kHz, from the beginning of a packet on.</param>
    /// <param name="recording">As the model heard it.</param>
    /// <param name="most">That the gateway owns up to.</param>
    /// <remarks>
    /// Where they lie is found by the least difference over all ways from the line's first frame to its last, on which the delay may only grow.
    /// <code>
    ///   line        | 0 | 1 | 2 | 3 |
    ///   recording   | 0 | 1 | + | 2'| 3 |       2' is faded in (<see cref="Codecs.Concealer"/>): it is not judged, the line's own stands there
    /// </code>
    /// </remarks>
    public static short[] TakenOut(short[] line, short[] recording, int most)
    {
        if (most == 0) return recording;
        var delay = Alignment.FindDelay(line, recording);
        var frames = line.Length / Frame;
        // By frame of the line, and by the frames that its delay differs by from the best of the whole.
        var differences = new double[frames, 2 * most + 1];
        for (var i = 0; i < frames; i++)
            for (var later = 0; later <= 2 * most; later++) differences[i, later] = Difference(At(line, i * Frame), At(recording, delay + (i + later - most) * Frame));
        var laters = Enumerable.Range(0, most + 1).Select(first => Way(differences, frames, first, first + most)).MinBy(static way => way.Cost).Laters;

        var mended = line.ToArray();
        for (var i = 0; i < frames; i++)
            if (i == 0 || laters[i] == laters[i - 1]) At(recording, delay + (i + laters[i] - most) * Frame).CopyTo(mended.AsSpan(i * Frame));
        return mended;
    }

    private static (double Cost, int[] Laters) Way(double[,] differences, int frames, int first, int last)
    {
        var costs = Enumerable.Repeat(double.PositiveInfinity, last + 1).ToArray();
        var cameFrom = new int[frames, last + 1];
        costs[first] = differences[0, first];
        for (var i = 1; i < frames; i++)
        {
            var next = new double[last + 1];
            Array.Fill(next, double.PositiveInfinity);
            var cheapest = first;
            for (var later = first; later <= last; later++)
            {
                // The frame after what was put in costs nothing.
                var (stays, grows) = (costs[later] + differences[i, later], later > first ? costs[cheapest] : double.PositiveInfinity);
                (next[later], cameFrom[i, later]) = stays <= grows ? (stays, later) : (grows, cheapest);
                if (costs[later] < costs[cheapest]) cheapest = later;
            }
            costs = next;
        }
        var end = Enumerable.Range(first, last - first + 1).MinBy(later => costs[later]);
        var laters = new int[frames];
        for (var (i, later) = (frames - 1, end); i >= 0; later = cameFrom[i--, later]) laters[i] = later;
        return (costs[end], laters);
    }

    // What lies outside is silence.
    private static short[] At(short[] pcm, int from)
    {
        var frame = new short[Frame];
        for (var i = Math.Max(0, -from); i < Frame && from + i < pcm.Length; i++) frame[i] = pcm[from + i];
        return frame;
    }

    private static double Difference(short[] a, short[] b)
    {
        double sum = 0;
        for (var i = 0; i < Frame; i++) sum += Math.Pow(a[i] - b[i], 2);
        return sum;
    }
}
