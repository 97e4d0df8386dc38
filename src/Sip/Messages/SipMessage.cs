using System.Buffers;
using System.Globalization;
using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// A request or response. The typed properties read the headers and write through to them; for a message that came from
/// <see cref="SipParser"/> they never throw. Not thread-safe while it is being changed.
/// </summary>
public abstract class SipMessage
{
    private Kept<SipNameAddress?>? _from;
    private Kept<SipNameAddress?>? _to;
    private Kept<CSeq?>? _cseq;
    private Kept<IReadOnlyList<SipVia>>? _vias;
    private Kept<IReadOnlyList<SipNameAddress>>? _contacts;

    private protected SipMessage(SipHeaders headers) => Headers = headers;

    public SipHeaders Headers { get; }

    /// <summary>Content-Length is written from this, whatever the headers say.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <exception cref="InvalidOperationException">There is none (a message built by hand).</exception>
    public string CallId
    {
        get => Headers.Get(SipHeaderNames.CallId) ?? throw Missing(SipHeaderNames.CallId);
        set => Headers.Set(SipHeaderNames.CallId, value);
    }

    /// <exception cref="InvalidOperationException">There is none that can be read.</exception>
    public CSeq CSeq
    {
        get => CSeqOrNull ?? throw Missing(SipHeaderNames.CSeq);
        set => Headers.Set(SipHeaderNames.CSeq, value.ToString());
    }

    /// <exception cref="InvalidOperationException">There is none that can be read.</exception>
    public SipNameAddress From
    {
        get => FromOrNull ?? throw Missing(SipHeaderNames.From);
        set => Headers.Set(SipHeaderNames.From, value.ToString());
    }

    /// <exception cref="InvalidOperationException">There is none that can be read.</exception>
    public SipNameAddress To
    {
        get => ToOrNull ?? throw Missing(SipHeaderNames.To);
        set => Headers.Set(SipHeaderNames.To, value.ToString());
    }

    /// <summary>Topmost first.</summary>
    public IReadOnlyList<SipVia> Vias => Keep(ref _vias, static headers => ReadVias(headers));

    /// <summary>The first Via; setting it replaces that one and leaves the others.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public SipVia TopVia
    {
        get => Vias is [var top, ..] ? top : throw Missing(SipHeaderNames.Via);
        set => Headers.SetFirst(SipHeaderNames.Via, value.ToString());
    }

    /// <summary>The contacts that can be read; empty for "*" (see <see cref="HasWildcardContact"/>).</summary>
    public IReadOnlyList<SipNameAddress> Contacts => Keep(ref _contacts, static headers => ReadAddresses(headers, SipHeaderNames.Contact));

    /// <summary>The first contact, which is a dialog's remote target; null when there is none.</summary>
    public SipNameAddress? Contact
    {
        get => Contacts is [var first, ..] ? first : null;
        set
        {
            if (value is null)
                Headers.Remove(SipHeaderNames.Contact);
            else
                Headers.Set(SipHeaderNames.Contact, value.ToString());
        }
    }

    /// <summary>Contact: * asks a registrar to forget every binding (RFC 3261 section 10.2.2).</summary>
    public bool HasWildcardContact => Headers.Get(SipHeaderNames.Contact) == "*";

    public IReadOnlyList<SipNameAddress> RecordRoutes => ReadAddresses(Headers, SipHeaderNames.RecordRoute);

    public IReadOnlyList<SipNameAddress> Routes => ReadAddresses(Headers, SipHeaderNames.Route);

    /// <summary>Media type without parameters, in lower case; null when the header is absent.</summary>
    public string? ContentType
    {
        get
        {
            return Headers.Get(SipHeaderNames.ContentType) is { } value ? SipGrammar.WithoutParameters(value, out _).ToString().ToLowerInvariant() : null;
        }
    }

    internal SipNameAddress? FromOrNull => Keep(ref _from, static headers => ReadAddress(headers, SipHeaderNames.From));

    internal SipNameAddress? ToOrNull => Keep(ref _to, static headers => ReadAddress(headers, SipHeaderNames.To));

    internal CSeq? CSeqOrNull =>
        Keep(ref _cseq, static headers => VoiceGateway.Sip.CSeq.TryParse(headers.Get(SipHeaderNames.CSeq), out var cseq) ? cseq : (CSeq?)null);

    /// <summary>Sets the body and its type together; an empty body loses its type.</summary>
    /// <exception cref="ArgumentException">The type would not stay on its line.</exception>
    public void SetBody(string contentType, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            Headers.Remove(SipHeaderNames.ContentType);
        else
            Headers.Set(SipHeaderNames.ContentType, contentType);
        Body = body;
    }

    /// <summary>The size on the wire, in bytes.</summary>
    public int GetByteCount() => GetByteCount(StartLine);

    /// <returns>The bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="GetByteCount()"/>.</exception>
    public int Write(Span<byte> destination) => Write(StartLine, destination);

    public void WriteTo(IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var startLine = StartLine;
        writer.Advance(Write(startLine, writer.GetSpan(GetByteCount(startLine))));
    }

    public byte[] ToBytes()
    {
        var startLine = StartLine;
        var bytes = GC.AllocateUninitializedArray<byte>(GetByteCount(startLine));
        Write(startLine, bytes);
        return bytes;
    }

    /// <summary>The start line: what a log may say of the message.</summary>
    public override string ToString() => StartLine;

    private protected abstract string StartLine { get; }

    private protected static IReadOnlyList<SipNameAddress> ReadAddresses(SipHeaders headers, string name)
    {
        List<SipNameAddress> addresses = [];
        foreach (var value in headers.GetAll(name))
        {
            if (SipNameAddress.TryParse(value, out var address))
                addresses.Add(address!);
        }

        return addresses;
    }

    private static SipNameAddress? ReadAddress(SipHeaders headers, string name) =>
        SipNameAddress.TryParse(headers.Get(name), out var address) ? address : null;

    private static List<SipVia> ReadVias(SipHeaders headers)
    {
        List<SipVia> vias = [];
        foreach (var value in headers.GetAll(SipHeaderNames.Via))
        {
            if (SipVia.TryParse(value, out var via))
                vias.Add(via!);
        }

        return vias;
    }

    private static bool IsContentLength(string name) => name.Equals(SipHeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase);

    private static int DigitCount(int number)
    {
        var count = 1;
        while ((number /= 10) > 0)
            count++;
        return count;
    }

    private static InvalidOperationException Missing(string name) => new($"The message has no usable {name} header.");

    private int GetByteCount(string startLine)
    {
        var count = Encoding.UTF8.GetByteCount(startLine) + 2;
        for (var i = 0; i < Headers.Count; i++)
        {
            ref var header = ref Headers.Slot(i);
            if (!IsContentLength(header.Name))
                count += header.Name.Length + header.ByteCount + 4;
        }

        return count + SipHeaderNames.ContentLength.Length + 2 + DigitCount(Body.Length) + 4 + Body.Length;
    }

    private int Write(string startLine, Span<byte> destination)
    {
        var rest = destination;
        Put(ref rest, startLine);
        Put(ref rest, "\r\n"u8);
        for (var i = 0; i < Headers.Count; i++)
        {
            ref var header = ref Headers.Slot(i);
            if (IsContentLength(header.Name))
                continue;
            Put(ref rest, header.Name);
            Put(ref rest, ": "u8);
            rest = rest[header.Write(rest)..];
            Put(ref rest, "\r\n"u8);
        }

        Put(ref rest, "Content-Length: "u8);
        if (!Body.Length.TryFormat(rest, out var digits, default, CultureInfo.InvariantCulture))
            throw new ArgumentException("The destination is too short for the message.", nameof(destination));
        rest = rest[digits..];
        Put(ref rest, "\r\n\r\n"u8);
        Put(ref rest, Body.Span);
        return destination.Length - rest.Length;
    }

    private static void Put(ref Span<byte> destination, string text) => destination = destination[Encoding.UTF8.GetBytes(text, destination)..];

    private static void Put(ref Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination);
        destination = destination[bytes.Length..];
    }

    private T Keep<T>(ref Kept<T>? slot, Func<SipHeaders, T> read)
    {
        if (slot is { } kept && kept.Version == Headers.Version)
            return kept.Value;
        var value = read(Headers);
        slot = new Kept<T>(Headers.Version, value);
        return value;
    }

    /// <summary>What was read from the headers, good as long as they are unchanged.</summary>
    private sealed record Kept<T>(int Version, T Value);
}
