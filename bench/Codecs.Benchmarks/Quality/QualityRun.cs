using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace VoiceGateway.Codecs.Benchmarks;

/// <summary>
/// The verb <c>quality</c>: what every codec and resampler costs and does, beside speexdsp, soxr and spandsp where Debian's packages are
/// installed, in one run; writes the report.
/// </summary>
internal static class QualityRun
{
    private static readonly short[] Narrow = Speech.Noise(50 * 160);
    private static readonly short[] Wide = Speech.Noise(50 * 320);

    public static int Run(string path)
    {
        var report = new StringBuilder();
        report.AppendLine("# Codecs").AppendLine()
            .AppendLine("`dotnet run -c Release --project bench/Codecs.Benchmarks -- quality`: all rows of a table in one run and in turn, 20 ms of sound an operation, the quarter of 60 rounds")
            .AppendLine("in which a row was disturbed the least. Compare within a table; another machine has other times. Nothing of ours allocates (the tests hold that).").AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}, vectors of {(Vector512.IsHardwareAccelerated ? 512 : 256)} bits, {RuntimeInformation.FrameworkDescription}.").AppendLine();
        Resamplers(report);
        G711Codecs(report);
        G722Codecs(report);
        Detectors(report);
        Console.Write(report);
        File.WriteAllText(path, report.ToString());
        return 0;
    }

    private static void Resamplers(StringBuilder report)
    {
        report.AppendLine("## Resamplers").AppendLine()
            .AppendLine("Delay: an impulse to the middle of its response, with what is held back for larger blocks. Ripple and rejection: tones of -4 dBov over the whole band, up to 600 Hz below the lower Nyquist frequency;")
            .AppendLine("signal to noise: a tone of 1 kHz at -6 dBov, where rounding to 16 bits leaves 95 dB.").AppendLine()
            .AppendLine("| kHz | | ns | times ours | delay | ripple | rejection | signal to noise |").AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var (from, to) in new[] { (24000, 8000), (8000, 16000), (16000, 8000), (24000, 16000) })
        {
            List<Func<IRateConverter>> creators = [() => new OurResampler(from, to)];
            if (IsThere("libspeexdsp.so.1")) creators.AddRange([() => new SpeexDsp(from, to, 3), () => new SpeexDsp(from, to, 5)]);
            if (IsThere("libsoxr.so.0")) creators.Add(() => new Soxr(from, to));
            var input = Speech.Noise(from);
            var times = SideBySide.Nanoseconds([.. creators.Select(create => Frames(create(), input, from / 50))]);
            for (var i = 0; i < creators.Count; i++)
            {
                var quality = ConverterQuality.Measure(creators[i], from, to);
                report.AppendLine(CultureInfo.InvariantCulture, $"| {from / 1000} → {to / 1000} | {creators[i]().Name} | {times[i]:F0} | {times[i] / times[0]:F1} | {quality.DelayMs:F2} ms | {quality.RippleDb:F3} dB | {quality.RejectionDb:F1} dB | {quality.SignalToNoiseDb:F1} dB |");
            }
        }
        report.AppendLine();
    }

    private static Action Frames(IRateConverter converter, short[] input, int frame)
    {
        var (output, at) = (new short[4800], 0);
        return () =>
        {
            converter.Process(input.AsSpan(at, frame), output);
            at = (at + frame) % input.Length;
        };
    }

    private static void G711Codecs(StringBuilder report)
    {
        var theirs = IsThere("libspandsp.so.2");
        report.AppendLine("## G.711").AppendLine()
            .AppendLine("Codes that differ from ITU-T G.711's tables, of all 65,536 samples and all 256 codes, are counted against what the tests hold to be exact.").AppendLine()
            .AppendLine("| | | encode ns | times ours | decode ns | times ours | codes that differ |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (var isMuLaw in new[] { true, false })
        {
            var ours = isMuLaw ? G711Codec.MuLaw : G711Codec.ALaw;
            var peer = theirs ? new SpandspG711(isMuLaw) : null;
            var (codes, pcm, at) = (new byte[160], new short[160], 0);
            var coded = new byte[Narrow.Length];
            ours.Encode(Narrow, coded);
            List<Action> encoders = [() => ours.Encode(Next(), codes), () => ScalarG711.EncodeBySearch(isMuLaw, Next(), codes)];
            List<Action> decoders = [() => ours.Decode(NextCodes(), pcm), () => ScalarG711.DecodeByTable(isMuLaw, NextCodes(), pcm)];
            if (peer is not null)
            {
                encoders.Add(() => peer.Encode(Next(), codes));
                decoders.Add(() => peer.Decode(NextCodes(), pcm));
            }
            var (encode, decode) = (SideBySide.Nanoseconds([.. encoders]), SideBySide.Nanoseconds([.. decoders]));
            string[] names = ["VoiceGateway", "scalar: search, table", "spandsp"];
            for (var i = 0; i < encode.Length; i++)
                report.AppendLine(CultureInfo.InvariantCulture, $"| {ours.EncodingName} | {names[i]} | {encode[i]:F1} | {encode[i] / encode[0]:F1} | {decode[i]:F1} | {decode[i] / decode[0]:F1} | {(i < 2 ? 0 : Differing(ours, peer!))} |");

            ReadOnlySpan<short> Next() => Narrow.AsSpan((at = (at + 1) % 50) * 160, 160);
            ReadOnlySpan<byte> NextCodes() => coded.AsSpan((at = (at + 1) % 50) * 160, 160);
        }
        report.AppendLine();
    }

    private static int Differing(G711Codec ours, SpandspG711 theirs)
    {
        var every = Enumerable.Range(0, 65536).Select(static i => (short)(ushort)i).ToArray();
        var (a, b) = (new byte[65536], new byte[65536]);
        ours.Encode(every, a);
        theirs.Encode(every, b);
        return a.Zip(b).Count(static pair => pair.First != pair.Second);
    }

    private static void G722Codecs(StringBuilder report)
    {
        var (ours, at) = (new G722Codec(), 0);
        var (payload, pcm, coded) = (new byte[160], new short[320], new byte[50 * 160]);
        new G722Codec().Encode(Wide, coded);
        List<Action> encoders = [() => ours.Encode(Next(), payload)];
        List<Action> decoders = [() => ours.Decode(NextPayload(), pcm)];
        if (IsThere("libspandsp.so.2"))
        {
            var theirs = new SpandspG722();
            encoders.Add(() => theirs.Encode(Next(), payload));
            decoders.Add(() => theirs.Decode(NextPayload(), pcm));
        }
        var (encode, decode) = (SideBySide.Nanoseconds([.. encoders]), SideBySide.Nanoseconds([.. decoders]));
        report.AppendLine("## G.722").AppendLine().AppendLine("| | encode ns | times ours | decode ns | times ours |").AppendLine("|---|---|---|---|---|");
        for (var i = 0; i < encode.Length; i++)
            report.AppendLine(CultureInfo.InvariantCulture, $"| {(i == 0 ? "VoiceGateway" : "spandsp")} | {encode[i]:F0} | {encode[i] / encode[0]:F1} | {decode[i]:F0} | {decode[i] / decode[0]:F1} |");
        report.AppendLine();

        ReadOnlySpan<short> Next() => Wide.AsSpan((at = (at + 1) % 50) * 320, 320);
        ReadOnlySpan<byte> NextPayload() => coded.AsSpan((at = (at + 1) % 50) * 160, 160);
    }

    private static void Detectors(StringBuilder report)
    {
        var lines = DuplexLines.All();
        var times = SideBySide.Nanoseconds([.. lines.Select(static line => line.Frame)]);
        report.AppendLine("## Voice activity and echo").AppendLine().AppendLine("| line | ns |").AppendLine("|---|---|");
        for (var i = 0; i < times.Length; i++) report.AppendLine(CultureInfo.InvariantCulture, $"| {lines[i].Name} | {times[i]:F0} |");
        report.AppendLine();
        var concealer = new Concealer(8000);
        var (frame, at) = (new short[160], 0);
        var concealment = SideBySide.Nanoseconds(
            () => { Narrow.AsSpan((at = (at + 1) % 50) * 160, 160).CopyTo(frame); concealer.Good(frame); },
            () => { concealer.Lost(frame); Narrow.AsSpan((at = (at + 1) % 50) * 160, 160).CopyTo(frame); concealer.Good(frame); });
        report.AppendLine("## Concealment").AppendLine().AppendLine("| 8 kHz | ns |").AppendLine("|---|---|")
            .AppendLine(CultureInfo.InvariantCulture, $"| a frame that came | {concealment[0]:F0} |").AppendLine(CultureInfo.InvariantCulture, $"| a lost one, and the next that came | {concealment[1]:F0} |");
    }

    private static bool IsThere(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
