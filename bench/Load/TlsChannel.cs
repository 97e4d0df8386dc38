using VoiceGateway.GeminiLive;

namespace VoiceGateway.Load;

/// <summary>One connection's TLS, between bytes of the network and bytes of the protocol; reads and writes no socket itself.</summary>
internal sealed unsafe class TlsChannel : IDisposable
{
    private readonly nint _ssl;
    private readonly nint _incoming;
    private readonly nint _outgoing;

    public TlsChannel(nint context)
    {
        _ssl = OpenSsl.New(context);
        _incoming = OpenSslServer.NewBio(OpenSslServer.MemoryMethod());
        _outgoing = OpenSslServer.NewBio(OpenSslServer.MemoryMethod());
        OpenSslServer.SetBio(_ssl, _incoming, _outgoing);
        OpenSslServer.SetAcceptState(_ssl);
    }

    /// <summary>Bytes that came from the network.</summary>
    public void Feed(ReadOnlySpan<byte> data)
    {
        fixed (byte* first = data) _ = OpenSslServer.WriteBio(_incoming, first, data.Length);
    }

    /// <returns>Bytes of the protocol; 0: no more until more comes in; -1: it is over.</returns>
    public int Read(Span<byte> plain)
    {
        fixed (byte* first = plain)
        {
            var length = OpenSsl.Read(_ssl, first, plain.Length);
            if (length > 0) return length;
            var error = OpenSsl.GetError(_ssl, length);
            OpenSsl.ClearErrors();
            return error is OpenSsl.ErrorWantRead or OpenSsl.ErrorWantWrite ? 0 : -1;
        }
    }

    public void Write(ReadOnlySpan<byte> plain)
    {
        fixed (byte* first = plain) _ = OpenSsl.Write(_ssl, first, plain.Length);
    }

    /// <returns>Bytes for the network; 0 when there are none.</returns>
    public int TakeOutgoing(Span<byte> data)
    {
        fixed (byte* first = data) return Math.Max(0, OpenSslServer.ReadBio(_outgoing, first, data.Length));
    }

    public void Dispose() => OpenSsl.Free(_ssl);

    public override string ToString() => OpenSslServer.Describe(_ssl);
}
