using System.Globalization;
using System.Text;

namespace VoiceGateway.Codecs.Tests;

/// <summary>Which word follows which, learnt from sentences, in the ARPA format that recognisers read: absolute discounting, and back to single words.</summary>
internal static class BigramModel
{
    private const double Discount = 0.5;

    public static string Arpa(IEnumerable<string> sentences)
    {
        var (single, pairs) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new SortedDictionary<(string, string), int>());
        foreach (var sentence in sentences)
        {
            string[] words = ["<s>", .. WordErrors.Words(sentence), "</s>"];
            foreach (var word in words) single[word] = single.GetValueOrDefault(word) + 1;
            foreach (var pair in words.Zip(words.Skip(1))) pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
        }
        var all = single.Values.Sum();
        var followers = pairs.Keys.ToLookup(static pair => pair.Item1);

        var text = new StringBuilder($"\\data\\\nngram 1={single.Count}\nngram 2={pairs.Count}\n\n\\1-grams:\n");
        foreach (var (word, count) in single)
        {
            var kinds = followers[word].Count();
            Line(word == "<s>" ? -99 : Math.Log10((double)count / all), word, kinds == 0 ? "" : Number(Math.Log10(Discount * kinds / count)));
        }
        text.Append("\n\\2-grams:\n");
        foreach (var ((first, second), count) in pairs)
            Line(Math.Log10((count - Discount) / single[first]), $"{first} {second}", "");
        return text.Append("\n\\end\\\n").ToString();

        void Line(double log, string words, string backOff) => text.Append(Number(log)).Append(' ').Append(words).Append(' ').Append(backOff).Append('\n');
    }

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
