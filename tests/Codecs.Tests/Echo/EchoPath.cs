namespace VoiceGateway.Codecs.Tests;

/// <summary>
/// The way from what we send to what comes back of it: a delay, a loudspeaker and a microphone (300 to 3400 Hz), the first
/// reflections of a room and its decay; then the caller's own voice and the noise of the line, all of it coded again.
/// </summary>
internal sealed class EchoPath
{
    private readonly double[] _response;
    private readonly int _delay;

    /// <param name="returnLossDb">Energy of the whole response: echo against what was sent; infinite: no echo.</param>
    /// <param name="delayMs">Until the direct sound.</param>
    /// <param name="roomMs">Time in which the room's answer falls by 60 dB; 0: a handset, the direct sound alone.</param>
    /// <param name="seed">Another room.</param>
    public EchoPath(double returnLossDb, double delayMs, int roomMs = 0, int seed = 1)
    {
        _delay = (int)(delayMs * 8);
        var random = new Random(seed);
        var raw = new double[Math.Max(1, roomMs * 4)];
        raw[0] = 1;
        for (var i = 12; i < raw.Length; i++)
            raw[i] = 0.35 * (random.NextDouble() * 2 - 1) * Math.Pow(10, -3.0 * i / (roomMs * 8)) * (random.Next(4) == 0 ? 1 : 0);
        _response = Band(raw);
        var energy = _response.Sum(h => h * h);
        var gain = Math.Pow(10, -returnLossDb / 20) / Math.Sqrt(energy);
        for (var i = 0; i < _response.Length; i++) _response[i] *= gain;
    }

    /// <summary>The echo of all that was sent, sample for sample.</summary>
    public double[] Of(short[] sent)
    {
        var echo = new double[sent.Length];
        for (var n = _delay; n < sent.Length; n++)
        {
            var sum = 0.0;
            for (var i = 0; i < _response.Length && i <= n - _delay; i++) sum += _response[i] * sent[n - _delay - i];
            echo[n] = sum;
        }
        return echo;
    }

    // Telephone set: a windowed band-pass, 33 taps.
    private static double[] Band(double[] raw)
    {
        var band = new double[33];
        for (var i = 0; i < band.Length; i++)
        {
            var t = i - 16;
            var ideal = t == 0 ? 2 * (3400.0 - 300) / 8000 : (Math.Sin(2 * Math.PI * 3400 * t / 8000) - Math.Sin(2 * Math.PI * 300 * t / 8000)) / (Math.PI * t);
            band[i] = ideal * (0.54 + 0.46 * Math.Cos(Math.PI * t / 17));
        }
        var result = new double[raw.Length + band.Length - 1];
        for (var i = 0; i < raw.Length; i++)
            for (var k = 0; k < band.Length; k++) result[i + k] += raw[i] * band[k];
        return result;
    }
}
