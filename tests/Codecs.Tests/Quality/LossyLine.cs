namespace VoiceGateway.Codecs.Tests;

/// <summary>A voice that comes in packets of which some do not.</summary>
internal static class LossyLine
{
    /// <summary>Each packet is lost with this probability, whatever became of the one before.</summary>
    public static bool[] Random(int packets, double probability, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, packets).Select(_ => random.NextDouble() < probability)];
    }

    /// <summary>Losses that come together: a chain of two states, after Gilbert (ITU-T G.1050 has such lines).</summary>
    /// <param name="packets">How many are sent.</param>
    /// <param name="probability">Share of packets lost in the long run.</param>
    /// <param name="meanBurst">Packets lost in a row, on average.</param>
    /// <param name="seed">The same seed, the same losses.</param>
    public static bool[] Bursts(int packets, double probability, double meanBurst, int seed)
    {
        var random = new Random(seed);
        var (leaves, enters) = (1 / meanBurst, probability / (meanBurst * (1 - probability)));
        var lost = new bool[packets];
        for (var i = 1; i < packets; i++) lost[i] = lost[i - 1] ? random.NextDouble() >= leaves : random.NextDouble() < enters;
        return lost;
    }

    public static short[] Conceal(short[] pcm, bool[] lost, int packetSamples, int sampleRateHz)
    {
        var concealer = new Concealer(sampleRateHz);
        return Receive(pcm, lost, packetSamples, concealer.Good, concealer.Lost);
    }

    public static short[] FillWithZeros(short[] pcm, bool[] lost, int packetSamples) =>
        Receive(pcm, lost, packetSamples, static _ => { }, static packet => packet.Clear());

    public static short[] Receive(short[] pcm, bool[] lost, int packetSamples, PacketAction good, PacketAction gone)
    {
        var heard = pcm.ToArray();
        for (var i = 0; i * packetSamples < pcm.Length; i++)
        {
            var packet = heard.AsSpan(i * packetSamples, Math.Min(packetSamples, pcm.Length - i * packetSamples));
            if (!lost[i])
            {
                good(packet);
                continue;
            }
            // Nobody may look at what was lost.
            packet.Fill(12345);
            gone(packet);
        }
        return heard;
    }

    public delegate void PacketAction(Span<short> packet);
}
