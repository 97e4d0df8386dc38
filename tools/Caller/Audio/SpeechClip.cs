using System.Diagnostics.CodeAnalysis;
using VoiceGateway.Codecs;

namespace VoiceGateway.Caller;

/// <summary>Something the caller can say: 8 kHz mono PCM, and where in it the voice begins and ends.</summary>
/// <remarks>
/// Latencies count from the end of the voice, not of the file: recordings carry trailing silence,
/// which an agent rightly does not wait for.
/// </remarks>
public sealed class SpeechClip
{
    private const int WideRateHz = 16000;

    private readonly short[] _pcm;
    private readonly Lazy<short[]> _wide;

    private SpeechClip(short[] pcm, short[] source, int sourceRateHz)
    {
        _pcm = pcm;
        _wide = new Lazy<short[]>(() =>
        {
            var wide = sourceRateHz == WideRateHz ? source : Resample(Resampler.Create(sourceRateHz, WideRateHz), source);
            Array.Resize(ref wide, 2 * pcm.Length);
            return wide;
        });
        (VoiceStart, VoiceEnd) = FindVoice(pcm);
    }

    public ReadOnlyMemory<short> Pcm8kHz => _pcm;

    public TimeSpan Duration => TimeSpan.FromSeconds((double)_pcm.Length / AudioFrame.SampleRateHz);

    /// <summary>First sample of the first audible frame; 0 when nothing is audible.</summary>
    public int VoiceStart { get; }

    /// <summary>Sample after the last audible frame; the clip's length when nothing is audible.</summary>
    public int VoiceEnd { get; }

    internal ReadOnlySpan<short> Samples => _pcm;

    /// <summary>The same at 16 kHz, with what the source has above 4 kHz: for a wideband call. Twice as many samples.</summary>
    internal ReadOnlySpan<short> Wide => _wide.Value;

    /// <summary>PCM16, µ-law or A-law at 8 to 48 kHz, usually 8, 16 or 24; more channels are mixed to one.</summary>
    /// <exception cref="InvalidDataException">The file is no such WAV file, or is empty; the message says what is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SpeechClip FromWav(string path)
    {
        var wav = WavReader.Read(path);
        try
        {
            return FromPcm(MixToMono(wav.Samples, wav.Channels), wav.SampleRateHz);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>As <see cref="FromWav"/>, for files that a user named: what is wrong is a sentence.</summary>
    public static bool TryFromWav(string path, [NotNullWhen(true)] out SpeechClip? clip, [NotNullWhen(false)] out string? error)
    {
        (clip, error) = (null, null);
        try
        {
            clip = FromWav(path);
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            error = e.Message;
            return false;
        }
    }

    /// <exception cref="InvalidDataException">The rate is not between 8 and 48 kHz, or there are no samples.</exception>
    public static SpeechClip FromPcm(ReadOnlySpan<short> pcm, int sampleRateHz)
    {
        if (pcm.IsEmpty) throw new InvalidDataException("There is no audio in it.");
        var source = pcm.ToArray();
        return sampleRateHz switch
        {
            AudioFrame.SampleRateHz => new SpeechClip(source, source, sampleRateHz),
            > AudioFrame.SampleRateHz and <= 48000 => new SpeechClip(Resample(Resampler.Create(sampleRateHz, AudioFrame.SampleRateHz), source), source, sampleRateHz),
            _ => throw new InvalidDataException($"A sample rate of {sampleRateHz} Hz; 8000 to 48000 Hz are understood."),
        };
    }

    /// <summary>A sine; the level is its power in dBov, so that -3 is the loudest that fits.</summary>
    public static SpeechClip Tone(double frequencyHz, TimeSpan duration, double levelDbov = -20)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levelDbov, -3);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(frequencyHz, 0);
        var amplitude = Math.Sqrt(2 * SpeechLevel.MeanSquareAt(levelDbov));
        var pcm = new short[Math.Max(1, (int)(duration.TotalSeconds * AudioFrame.SampleRateHz))];
        for (var i = 0; i < pcm.Length; i++)
            pcm[i] = (short)Math.Clamp(amplitude * Math.Sin(2 * Math.PI * frequencyHz * i / AudioFrame.SampleRateHz), short.MinValue, short.MaxValue);
        return new SpeechClip(pcm, pcm, AudioFrame.SampleRateHz);
    }

    private static short[] Resample(Resampler resampler, ReadOnlySpan<short> pcm)
    {
        // The filter's delay is cut off in front and pushed out behind, so that the clip stays where it was in time.
        var delay = (int)(resampler.Delay.TotalSeconds * resampler.InputRateHz);
        var padded = new short[pcm.Length + delay];
        pcm.CopyTo(padded);
        var output = new short[resampler.MaxOutputSamples(padded.Length)];
        var written = resampler.Process(padded, output);
        var skipped = Math.Min(written - 1, delay * resampler.OutputRateHz / resampler.InputRateHz);
        return output[Math.Max(0, skipped)..written];
    }

    private static short[] MixToMono(short[] interleaved, int channels)
    {
        if (channels == 1) return interleaved;
        var mono = new short[interleaved.Length / channels];
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = 0;
            for (var channel = 0; channel < channels; channel++) sum += interleaved[i * channels + channel];
            mono[i] = (short)(sum / channels);
        }
        return mono;
    }

    private static (int Start, int End) FindVoice(short[] pcm)
    {
        int start = -1, end = 0;
        for (var at = 0; at < pcm.Length; at += AudioFrame.Samples)
        {
            var frame = pcm.AsSpan(at, Math.Min(AudioFrame.Samples, pcm.Length - at));
            if (SpeechLevel.MeanSquare(frame) < SpeechLevel.SilenceMeanSquare) continue;
            if (start < 0) start = at;
            end = at + frame.Length;
        }
        return start < 0 ? (0, pcm.Length) : (start, end);
    }
}
