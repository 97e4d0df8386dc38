namespace VoiceGateway.Codecs.Tests;

/// <summary>Eight samples at a time against the recursion as it is written down.</summary>
public class BlockRecursionTests
{
    private static readonly (double B0, double B1, double B2, double A1, double A2)[] Sections =
        [(0.9, -1.8, 0.9, -1.75, 0.8), (0.2, 0.4, 0.2, 0.3, 0.25), (1, 0.5, 0, 0, -0.6), (0.7, 0, -0.7, -0.9, 0.81)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Process_AnyNumberOfSections_IsTheRecursion(int sections)
    {
        var input = Signal.WhiteNoise(-12, 800).Select(static s => (float)s).ToArray();
        var (output, state) = ((float[])input.Clone(), new float[BlockRecursion.Length]);
        var recursion = new BlockRecursion(Sections.AsSpan(0, sections));
        // In uneven chunks of whole blocks.
        for (var (at, length) = (0, 8); at < output.Length; at += length, length = Math.Min(length + 16, output.Length - at))
            recursion.Process(output.AsSpan(at, length), state);

        var expected = Plainly(input, Sections[..sections]);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], output[i], Math.Max(0.05, Math.Abs(expected[i]) * 1e-4));
    }

    [Fact]
    public void Process_SilenceAfterSound_ComesToNothing()
    {
        var state = new float[BlockRecursion.Length];
        var recursion = new BlockRecursion(Sections.AsSpan(0, 2));
        recursion.Process([.. Enumerable.Repeat(1e4f, 80)], state);
        Assert.Contains(state, static z => z != 0);
        for (var i = 0; i < 100; i++) recursion.Process(new float[80], state);
        Assert.All(state, static z => Assert.Equal(0, z));
    }

    private static double[] Plainly(float[] input, (double B0, double B1, double B2, double A1, double A2)[] sections)
    {
        var signal = input.Select(static x => (double)x).ToArray();
        foreach (var (b0, b1, b2, a1, a2) in sections)
        {
            var (x1, x2, y1, y2) = (0.0, 0.0, 0.0, 0.0);
            for (var n = 0; n < signal.Length; n++)
            {
                var y = b0 * signal[n] + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
                (x2, x1, y2, y1) = (x1, signal[n], y1, y);
                signal[n] = y;
            }
        }
        return signal;
    }
}
