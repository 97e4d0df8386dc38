using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>A seed and the mutations that are done to it, each drawn from a number of its own: so a failing input can be made smaller by leaving some out.</summary>
internal sealed record MutatedBytes(byte[][] Seeds, int Seed, int[] Mutations)
{
    private const int MostMutations = 6;

    public static Arbitrary<MutatedBytes> Of(byte[][] seeds) => Arb.From(Gens(seeds), static input => input.Smaller());

    public static Gen<MutatedBytes> Gens(byte[][] seeds) =>
        from seed in Gen.Choose(0, seeds.Length - 1)
        from count in Gen.Choose(0, MostMutations)
        from mutations in Gen.Choose(0, int.MaxValue - 1).ArrayOf(count)
        select new MutatedBytes(seeds, seed, mutations);

    public byte[] ToBytes()
    {
        List<byte> bytes = [.. Seeds[Seed]];
        foreach (var mutation in Mutations)
        {
            if (bytes.Count > 0)
                Mutate(bytes, new Random(mutation));
        }

        return [.. bytes];
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, mutations {string.Join(' ', Mutations)}:\n{Encoding.Latin1.GetString(ToBytes())}");

    private IEnumerable<MutatedBytes> Smaller() =>
        Enumerable.Range(0, Mutations.Length).Select(left => this with { Mutations = [.. Mutations.Where((_, i) => i != left)] });

    private void Mutate(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, 20), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, FuzzSeeds.Snippets[random.Next(FuzzSeeds.Snippets.Length)]);
                break;
            case 5:
                var other = Seeds[random.Next(Seeds.Length)];
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 100))]);
                break;
            case 6:
                SwapLines(bytes, random);
                break;
            default:
                bytes.InsertRange(at, Enumerable.Repeat(bytes[at], random.Next(1, 300)));
                break;
        }
    }

    /// <summary>Takes one line elsewhere: what is well-formed by itself may not be in its place.</summary>
    private static void SwapLines(List<byte> bytes, Random random)
    {
        var from = bytes.IndexOf((byte)'\n', random.Next(bytes.Count)) + 1;
        var end = from < bytes.Count ? bytes.IndexOf((byte)'\n', from) + 1 : 0;
        if (from == 0 || end == 0)
            return;
        var line = bytes.GetRange(from, end - from);
        if (random.Next(2) == 0)
            bytes.RemoveRange(from, line.Count);
        bytes.InsertRange(bytes.IndexOf((byte)'\n', random.Next(Math.Max(bytes.Count - 1, 1))) + 1, line);
    }
}
