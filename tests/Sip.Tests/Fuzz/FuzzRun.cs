using System.Globalization;
using FsCheck;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace VoiceGateway.Sip.Tests.Fuzz;

/// <summary>
/// How much is tried, and from which seed. The ordinary run tries 100,000 inputs and always the same ones; <c>make fuzz</c> tries millions,
/// others each time, and prints the seed with which they can be had again.
/// </summary>
internal static class FuzzRun
{
    private const int Ordinary = 100_000;

    public static int Inputs { get; } = Number("VOICEGATEWAY_FUZZ_INPUTS", Ordinary);

    public static int Seed { get; } = Number("VOICEGATEWAY_FUZZ_SEED", 1);

    /// <summary>Tries a share of all inputs. A failure names the seed and the smallest input that fails likewise.</summary>
    /// <param name="share">Percent of <see cref="Inputs"/>.</param>
    /// <param name="recipes">What is tried.</param>
    /// <param name="check">Throws when the property does not hold.</param>
    /// <param name="log">Is told the seed and the number.</param>
    /// <param name="inputsEach">How many inputs one recipe makes.</param>
    public static void Try<T>(int share, Arbitrary<T> recipes, Action<T> check, ITestOutputHelper log, int inputsEach = 1)
    {
        var count = Math.Max((int)((long)Inputs * share / 100 / inputsEach), 1);
        var replay = new Replay(new Rnd((ulong)Seed, 1), FSharpOption<int>.None);
        log.WriteLine($"{count * inputsEach} inputs, VOICEGATEWAY_FUZZ_SEED={Seed}");
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true).WithReplay(FSharpOption<Replay>.Some(replay)),
            FsCheck.Fluent.Prop.ForAll(recipes, check));
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
