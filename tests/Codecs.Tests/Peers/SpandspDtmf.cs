using System.Runtime.InteropServices;
using System.Text;

namespace VoiceGateway.Codecs.Tests;

/// <summary>The receiver and the sender of libspandsp, to judge ours by.</summary>
internal static partial class SpandspDtmf
{
    public static string Hear(short[] pcm)
    {
        var receiver = ReceiverInit(0, 0, 0);
        try
        {
            var heard = new StringBuilder();
            var digits = new byte[129];
            foreach (var chunk in pcm.Chunk(160))
            {
                _ = Receive(receiver, chunk, chunk.Length);
                var count = (int)ReceiverGet(receiver, digits, 128);
                heard.Append(Encoding.ASCII.GetString(digits, 0, count));
            }
            return heard.ToString();
        }
        finally
        {
            _ = ReceiverFree(receiver);
        }
    }

    public static short[] Send(string digits, int levelDbm0, int twistDb, int toneMs, int pauseMs)
    {
        var sender = SenderInit(0, 0, 0);
        try
        {
            SenderLevel(sender, levelDbm0, twistDb);
            SenderTiming(sender, toneMs, pauseMs);
            var text = Encoding.ASCII.GetBytes(digits);
            _ = SenderPut(sender, text, text.Length);
            var pcm = new List<short>();
            var chunk = new short[160];
            for (int count; (count = Send(sender, chunk, chunk.Length)) > 0;) pcm.AddRange(chunk.AsSpan(0, count));
            return [.. pcm];
        }
        finally
        {
            _ = SenderFree(sender);
        }
    }

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_rx_init")]
    private static partial nint ReceiverInit(nint state, nint callback, nint user);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_rx")]
    private static partial int Receive(nint state, short[] pcm, int samples);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_rx_get")]
    private static partial nint ReceiverGet(nint state, byte[] digits, int most);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_rx_free")]
    private static partial int ReceiverFree(nint state);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_tx_init")]
    private static partial nint SenderInit(nint state, nint callback, nint user);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_tx_set_level")]
    private static partial void SenderLevel(nint state, int level, int twist);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_tx_set_timing")]
    private static partial void SenderTiming(nint state, int onMs, int offMs);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_tx_put")]
    private static partial int SenderPut(nint state, byte[] digits, int length);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_tx")]
    private static partial int Send(nint state, short[] pcm, int most);

    [LibraryImport(Spandsp.Library, EntryPoint = "dtmf_tx_free")]
    private static partial int SenderFree(nint state);
}
