using System.Runtime.InteropServices;
using VoiceGateway.Codecs;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Load;

/// <summary>What the callers say, encoded beforehand: payloads of 20 ms for ever, read by all of them from different places.</summary>
internal sealed unsafe class CallerTrack : IDisposable
{
    private const int SamplesPerFrame = 160;

    private readonly byte* _payloads;
    private readonly byte* _silence;
    private readonly int _frames;
    private readonly int[] _onsets;

    public CallerTrack()
    {
        var pcm = Voiced.Keep(CallerVoice.Lines.Select(static l => l.Read().Samples), 8000);
        _onsets = Voiced.Onsets(pcm, 8000);
        _frames = pcm.Length / SamplesPerFrame;
        _payloads = (byte*)NativeMemory.Alloc((nuint)pcm.Length);
        G711Codec.MuLaw.Encode(pcm, new Span<byte>(_payloads, pcm.Length));
        _silence = (byte*)NativeMemory.Alloc(SamplesPerFrame);
        new Span<byte>(_silence, SamplesPerFrame).Fill(G711Codec.MuLaw.SilenceCode);
    }

    public static int PayloadLength => SamplesPerFrame;

    /// <summary>160 bytes.</summary>
    public byte* Silence => _silence;

    /// <summary>The payload so many frames behind the beginning of an utterance, of which there are several.</summary>
    public byte* Speech(int utterance, int frame) =>
        _payloads + (((_onsets[utterance % _onsets.Length] + frame) % _frames) * SamplesPerFrame);

    public void Dispose()
    {
        NativeMemory.Free(_payloads);
        NativeMemory.Free(_silence);
    }
}
