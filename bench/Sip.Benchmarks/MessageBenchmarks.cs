using BenchmarkDotNet.Attributes;

namespace VoiceGateway.Sip.Benchmarks;

/// <summary>One INVITE of 1.2 kB from the bytes to a message that is known to be sound, and back; beside the least that a reader of strings does.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly SipRequest _invite = TrunkInvite.Parse();

    [Benchmark(Baseline = true)]
    public object SplitIntoStrings() => LineSplitter.Read(TrunkInvite.Bytes);

    /// <summary>All that is checked is checked: what a request that is refused, repeated or sent on costs.</summary>
    [Benchmark]
    public SipRequest Parse() => TrunkInvite.Parse();

    /// <summary>With every value that a user agent looks at before it has a call.</summary>
    [Benchmark]
    public int ParseAndReadAll()
    {
        var invite = TrunkInvite.Parse();
        return invite.Vias.Count + invite.RecordRoutes.Count + invite.Contacts.Count + (int)invite.CSeq.Number + invite.CallId.Length
            + invite.From.Tag!.Length + (invite.To.Tag?.Length ?? 0) + invite.MaxForwards!.Value + invite.ContentType!.Length
            + invite.Headers.GetList(SipHeaderNames.Supported).Count + invite.RequestUri.User!.Length;
    }

    [Benchmark]
    public SessionDescription? ParseSdp() => SessionDescription.TryParse(_invite.Body.Span, out var sdp, out _) ? sdp : null;

    [Benchmark]
    public int Write() => _invite.Write(_buffer);

    [Benchmark]
    public byte[] ToBytes() => _invite.ToBytes();

    [Benchmark]
    public byte[] CreateAndWriteResponse() => _invite.CreateResponse(200, toTag: "gateway").ToBytes();
}
