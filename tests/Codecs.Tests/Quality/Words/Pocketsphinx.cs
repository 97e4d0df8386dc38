using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoiceGateway.Codecs.Tests;

/// <summary>
/// A recogniser of speech (Debian: pocketsphinx, pocketsphinx-en-us) as a measure of what is left of a voice. It knows the words of some sentences, and which
/// of them follow one another.
/// </summary>
internal sealed class Pocketsphinx(IReadOnlyCollection<string> sentences)
{
    private const string Program = "/usr/bin/pocketsphinx_batch";
    private const string Model = "/usr/share/pocketsphinx/model/en-us/en-us";
    private const string Dictionary = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";

    /// <summary>What to install; null when it is there.</summary>
    public static string? Missing =>
        File.Exists(Program) && File.Exists(Dictionary) ? null : "pocketsphinx_batch or its model is not installed: apt-get install pocketsphinx pocketsphinx-en-us";

    /// <param name="recordings">16 kHz each, which is what its model is of.</param>
    /// <returns>The words heard in each, in the same order.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string[]> RecogniseAsync(IReadOnlyList<short[]> recordings)
    {
        var folder = Directory.CreateTempSubdirectory("words");
        try
        {
            await WriteVocabularyAsync(folder.FullName);
            for (var i = 0; i < recordings.Count; i++)
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{i}.raw"), MemoryMarshal.AsBytes(recordings[i].AsSpan()).ToArray());
            var workers = Math.Clamp(Environment.ProcessorCount, 1, 4);
            await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => RunAsync(folder.FullName, worker, Enumerable.Range(0, recordings.Count).Where(i => i % workers == worker))));
            return await ReadAsync(folder.FullName, workers, recordings.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task WriteVocabularyAsync(string folder)
    {
        var words = sentences.SelectMany(WordErrors.Words).ToHashSet(StringComparer.Ordinal);
        // "the(2)" is another way to say "the".
        await File.WriteAllLinesAsync(Path.Combine(folder, "words.dict"), File.ReadLines(Dictionary).Where(line => words.Contains(line[..line.IndexOf(' ')].Split('(')[0])));
        await File.WriteAllTextAsync(Path.Combine(folder, "words.lm"), BigramModel.Arpa(sentences));
    }

    private static async Task RunAsync(string folder, int worker, IEnumerable<int> recordings)
    {
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{worker}.ctl"), recordings.Select(static i => $"{i}"));
        using var process = Process.Start(new ProcessStartInfo("nice")
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                // What runs beside it may be measuring time.
                "-n", "10", Program,
                "-adcin", "yes", "-cepdir", folder, "-cepext", ".raw", "-ctl", $"{worker}.ctl", "-hyp", $"{worker}.hyp",
                "-hmm", Model, "-dict", "words.dict", "-lm", "words.lm", "-fwdflat", "no",
            },
        })!;
        var (errors, noise) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        var log = await errors;
        await noise;
        if (process.ExitCode != 0) throw new InvalidOperationException(log.Length > 2000 ? log[^2000..] : log);
    }

    // "table for four (17 -4711)"
    private static async Task<string[]> ReadAsync(string folder, int workers, int count)
    {
        var heard = new string[count];
        for (var worker = 0; worker < workers; worker++)
            foreach (var line in await File.ReadAllLinesAsync(Path.Combine(folder, $"{worker}.hyp")))
            {
                var bracket = line.LastIndexOf('(');
                var number = int.Parse(line[(bracket + 1)..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
                heard[number] = line[..bracket].Trim();
            }
        return heard.All(static words => words is not null) ? heard : throw new InvalidOperationException("Of some recordings it said nothing.");
    }
}
