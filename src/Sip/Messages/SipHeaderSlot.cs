using System.Text;

namespace VoiceGateway.Sip;

/// <summary>
/// A header as it is held: a slice of the bytes that it came in, or text. Most values of a message are never looked at, so text is
/// made of the bytes when somebody asks for it, and kept. Two threads that ask at the same moment both make it, which does no harm.
/// </summary>
internal struct SipHeaderSlot
{
    private readonly int _start;
    private readonly int _length;

    // string or byte[]
    private object _source;

    public SipHeaderSlot(string name, string value)
    {
        Name = name;
        _source = value;
    }

    public SipHeaderSlot(string name, byte[] bytes, int start, int length)
    {
        Name = name;
        _source = bytes;
        _start = start;
        _length = length;
    }

    public string Name { get; }

    public string Value
    {
        get
        {
            var source = _source;
            if (source is not byte[] bytes)
                return (string)source;
            var value = Utf8Text.GetString(bytes.AsSpan(_start, _length));

            // What was no UTF-8 has lost something: the bytes stay, so that they can be passed on unchanged.
            if (!value.Contains('\uFFFD'))
                _source = value;
            return value;
        }
    }

    /// <summary>The value on the wire.</summary>
    public readonly int ByteCount => _source is string text ? Encoding.UTF8.GetByteCount(text) : _length;

    /// <summary>The value for one look: decoded into the scratch where that is long enough, which leaves no string behind.</summary>
    public ReadOnlySpan<char> Look(Span<char> scratch) =>
        _source is byte[] bytes && _length <= scratch.Length
            ? scratch[..Utf8Text.GetChars(bytes.AsSpan(_start, _length), scratch)]
            : Value;

    /// <returns>The bytes written.</returns>
    public readonly int Write(Span<byte> destination)
    {
        if (_source is not byte[] bytes)
            return Encoding.UTF8.GetBytes((string)_source, destination);
        bytes.AsSpan(_start, _length).CopyTo(destination);
        return _length;
    }
}
