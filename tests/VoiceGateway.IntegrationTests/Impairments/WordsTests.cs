using VoiceGateway.Caller;
using VoiceGateway.Codecs.Tests;
using VoiceGateway.IntegrationTests.Rig;
using VoiceGateway.Robustness;
using Xunit.Abstractions;

namespace VoiceGateway.IntegrationTests.Impairments;

/// <summary>The words of <c>bench/Robustness</c> in short: recorded sentences over whole calls, and what a recogniser hears in what the model received.</summary>
public sealed class WordsTests(ITestOutputHelper output)
{
    // 753 words each.
    private const int Lines = 3;

    [SkippableFact]
    public async Task FivePercentLost_CostsAtMostThreePointsOfTheWords_AndLessThanZerosWould()
    {
        InstalledPeer.Require(Pocketsphinx.Missing);
        ImpairedCase[] networks =
        [
            new("clean", CallerCodec.Pcmu, new()), new("loss 5 %", CallerCodec.Pcmu, new() { LossPercent = 5 }),
            new("clean", CallerCodec.G722, new()), new("loss 5 %", CallerCodec.G722, new() { LossPercent = 5 }),
        ];
        using var folder = new CallerFolder(Path.Combine(AppContext.BaseDirectory, "config", "gateway.json"));
        await using var rig = await GatewayRig.StartAsync("say", ("ConfigFolder", folder.Config));

        var calls = networks.SelectMany(static network => WordCall.Of(network, Lines)).ToArray();
        var heard = await Task.WhenAll(calls.Select((call, i) => call.RunAsync(rig.Phone, rig.Simulator, rig.Target(), $"+493008{i:D5}")));
        var verdicts = await WordVerdict.OfAsync(heard);

        output.WriteLine(RobustnessReport.OfWords(verdicts, Pocketsphinx.Missing));
        Assert.All(verdicts.Chunk(2), static codec => Judge(codec[0], codec[1]));
    }

    private static void Judge(WordVerdict clean, WordVerdict lossy)
    {
        Assert.InRange(clean.Percent, 90, 100);
        Assert.InRange(lossy.Percent, clean.Percent - 3, 100);
        Assert.True(lossy.Percent > lossy.PercentWithZeros, $"{lossy}");
    }
}
