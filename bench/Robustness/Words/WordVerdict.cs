using VoiceGateway.Codecs.Tests;

namespace VoiceGateway.Robustness;

/// <param name="Case">The network.</param>
/// <param name="Words">So many were said.</param>
/// <param name="Percent">Of them that a recogniser hears in what the model received.</param>
/// <param name="PercentWithZeros">That it would hear, had the lost packets been zeros and every other in time; null where none were lost.</param>
internal sealed record WordVerdict(ImpairedCase Case, int Words, double Percent, double? PercentWithZeros)
{
    /// <param name="calls">All of <see cref="WordCall.Of"/> for each network, in that order.</param>
    /// <returns>Of each network.</returns>
    public static async Task<WordVerdict[]> OfAsync(IEnumerable<HeardSentences> calls)
    {
        var verdicts = new List<WordVerdict>();
        foreach (var ofOne in calls.GroupBy(static call => call.Case)) verdicts.Add(await OfAsync(ofOne.Key, [.. ofOne]));
        return [.. verdicts];
    }

    private static async Task<WordVerdict> OfAsync(ImpairedCase network, HeardSentences[] calls)
    {
        short[][] heard = [.. calls.SelectMany(static call => call.Heard)];
        var words = await new Pocketsphinx(Sentences.Texts).RecogniseAsync([.. heard, .. calls.SelectMany(static call => call.WithZeros)]);
        var (came, zeros) = (words[..heard.Length], words[heard.Length..]);
        return new WordVerdict(network, Sentences.Words * heard.Length / Sentences.Texts.Length, Sentences.Accuracy(came), zeros.Length == 0 ? null : Sentences.Accuracy(zeros));
    }
}
