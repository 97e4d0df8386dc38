using System.Text.Json;
using VoiceGateway.Admin;
using VoiceGateway.Calls;
using VoiceGateway.Codecs;

namespace VoiceGateway.Demo;

/// <summary>Writes a call as one self-contained HTML page: the template with the call's JSON, its waveforms and its audio inside.</summary>
internal static class CallPage
{
    private const string Template = "call.html";
    private const string Placeholder = "/*CALL*/null";

    // 10 ms a point: fine enough to see a fade's place, small enough for a page.
    private const int SamplesPerPoint = 80;

    public static async Task WriteAsync(string path, CallView call, string recording, CancellationToken stop)
    {
        using var resource = new StreamReader(typeof(CallPage).Assembly.GetManifestResourceStream(Template)!);
        var template = await resource.ReadToEndAsync(stop);
        var audio = File.Exists(recording) ? await File.ReadAllBytesAsync(recording, stop) : [];
        var wav = audio.Length > 0 ? WavReader.Read(new MemoryStream(audio)) : new WavAudio([], 8000, 2);
        var data = JsonSerializer.Serialize(
            new
            {
                call,
                pointMs = 1000.0 * SamplesPerPoint / wav.SampleRateHz,
                caller = Envelope(wav, 0),
                agent = Envelope(wav, 1),
                audio = Convert.ToBase64String(audio),
            },
            CallRecords.Json);
        // A transcript may say anything; inside a script element only "</" could end it.
        await File.WriteAllTextAsync(path, template.Replace(Placeholder, data.Replace("</", "<\\/")), stop);
    }

    /// <summary>The peak of each point, 0 to 127.</summary>
    private static int[] Envelope(WavAudio wav, int channel)
    {
        var frames = wav.Samples.Length / wav.Channels;
        var points = new int[(frames + SamplesPerPoint - 1) / SamplesPerPoint];
        for (var i = 0; i < frames; i++)
            points[i / SamplesPerPoint] = Math.Max(points[i / SamplesPerPoint], Math.Abs((int)wav.Samples[i * wav.Channels + channel]) >> 8);
        return points;
    }
}
