using System.Runtime.InteropServices;
using System.Text;
using VoiceGateway.LiveSimulator;

namespace VoiceGateway.Load;

/// <summary>
/// One answer of the agent's as it goes over the wire, laid out beforehand and sent by every connection: 4.8 s of speech in messages of
/// 160 ms, words of its transcript between them.
/// </summary>
internal sealed class AgentAnswer
{
    public const int PieceMs = 160;

    private const int Pieces = 30;
    private const int SampleRateHz = 24000;
    private const int WordsEvery = 4;

    private readonly byte[][] _pieces;
    private readonly byte[]?[] _words;

    private AgentAnswer(ReadOnlySpan<short> pcm, string text)
    {
        var piece = SampleRateHz * PieceMs / 1000;
        var words = text.Split(' ');
        (_pieces, _words) = (new byte[Pieces][], new byte[Pieces][]);
        for (var i = 0; i < Pieces; i++)
        {
            var data = Convert.ToBase64String(MemoryMarshal.AsBytes(pcm.Slice(i * piece, piece)));
            _pieces[i] = Message("""{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":""" + "\"" + data + "\"}}]}}}");
            if (i % WordsEvery == 0) _words[i] = Message("""{"serverContent":{"outputTranscription":{"text":""" + "\"" + words[i / WordsEvery % words.Length] + " \"}}}");
        }
    }

    public static byte[] SetupComplete { get; } = Message("""{"setupComplete":{}}""");

    /// <summary>What the caller said; what it was does not matter.</summary>
    public static byte[] Heard { get; } = Message("""{"serverContent":{"inputTranscription":{"text":" I would like a table for four."}}}""");

    public static byte[] Interrupted { get; } = Message("""{"serverContent":{"interrupted":true}}""");

    public static byte[] GenerationComplete { get; } = Message("""{"serverContent":{"generationComplete":true}}""");

    public static byte[] TurnComplete { get; } = Message("""{"serverContent":{"turnComplete":true}}""");

    public static byte[] Usage { get; } = Message(
        """{"usageMetadata":{"promptTokenCount":1250,"responseTokenCount":120,"totalTokenCount":1370,"promptTokensDetails":[{"modality":"TEXT","tokenCount":800},{"modality":"AUDIO","tokenCount":450}],"responseTokensDetails":[{"modality":"AUDIO","tokenCount":120}]}}""");

    public static byte[] Resumable { get; } = Message("""{"sessionResumptionUpdate":{"newHandle":"load-6f0c2b","resumable":true}}""");

    /// <summary>Several, that begin with different sounds.</summary>
    public static AgentAnswer[] All { get; } = Create();

    public static int Count => Pieces;

    public static long Nanoseconds => Pieces * PieceMs * 1_000_000L;

    public byte[] Piece(int index) => _pieces[index];

    /// <summary>What goes out with the piece; null: nothing.</summary>
    public byte[]? WordsBeside(int index) => _words[index];

    private static AgentAnswer[] Create()
    {
        var pcm = Voiced.Keep(AgentVoice.Lines.Select(static l => l.Read().Samples), SampleRateHz);
        var needed = Pieces * SampleRateHz * PieceMs / 1000;
        var frame = SampleRateHz / 50;
        var onsets = Voiced.Onsets(pcm, SampleRateHz).Select(o => o * frame).Where(o => o + needed <= pcm.Length).ToArray();
        return [.. Enumerable.Range(0, 4).Select(i => new AgentAnswer(pcm.AsSpan(onsets[i * onsets.Length / 4], needed), AgentVoice.Lines[i].Text))];
    }

    private static byte[] Message(string json) => WebSocketFrames.Frame(WebSocketFrames.Text, Encoding.UTF8.GetBytes(json));
}
