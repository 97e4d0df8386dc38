using System.Diagnostics;

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

    /// <summary>Skips the test when it is not installed, or fails it when VOICEGATEWAY_REQUIRE_PEERS=1.</summary>
    public static void Require()
    {
        if (File.Exists(Program) && File.Exists(Dictionary)) return;
        const string Missing = "pocketsphinx_batch or its model is not installed: apt-get install pocketsphinx pocketsphinx-en-us";
        if (Environment.GetEnvironmentVariable("VOICEGATEWAY_REQUIRE_PEERS") == "1") Assert.Fail(Missing);
        Skip.If(true, Missing);
    }

    /// <param name="recordings">8 kHz each.</param>
    /// <returns>The words heard in each, in the same order.</returns>
    public async Task<string[]> RecogniseAsync(IReadOnlyList<short[]> recordings)
    {
        var folder = Directory.CreateTempSubdirectory("words");
        try
        {
            await WriteVocabularyAsync(folder.FullName);
            Parallel.For(0, recordings.Count, i => Write(Path.Combine(folder.FullName, $"{i}.raw"), recordings[i]));
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

    // The model is of 16 kHz.
    private static void Write(string path, short[] pcm)
    {
        var wide = new short[2 * pcm.Length];
        Resampler.From8To16kHz().Process(pcm, wide);
        File.WriteAllBytes(path, System.Runtime.InteropServices.MemoryMarshal.AsBytes(wide.AsSpan()));
    }

    private static async Task RunAsync(string folder, int worker, IEnumerable<int> recordings)
    {
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{worker}.ctl"), recordings.Select(static i => $"{i}"));
        using var process = Process.Start(new ProcessStartInfo(Program)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-adcin", "yes", "-cepdir", folder, "-cepext", ".raw", "-ctl", $"{worker}.ctl", "-hyp", $"{worker}.hyp",
                "-hmm", Model, "-dict", "words.dict", "-lm", "words.lm", "-fwdflat", "no",
            },
        })!;
        var (errors, noise) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        var log = await errors;
        await noise;
        Assert.True(process.ExitCode == 0, log.Length > 2000 ? log[^2000..] : log);
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
        Assert.All(heard, Assert.NotNull);
        return heard;
    }
}
