namespace VoiceGateway.Sip;

/// <summary>Where in a text one parameter stands; a value length of -1 means that there is none.</summary>
internal readonly record struct SipParameterSlice(int NameStart, int NameLength, int ValueStart, int ValueLength)
{
    public ReadOnlySpan<char> Name(ReadOnlySpan<char> text) => text.Slice(NameStart, NameLength);

    /// <summary>Empty when there is none: no value that was accepted is empty.</summary>
    public ReadOnlySpan<char> Value(ReadOnlySpan<char> text) => ValueLength < 0 ? default : text.Slice(ValueStart, ValueLength);

    public SipParameter Read(ReadOnlySpan<char> text) => new(SipWords.Intern(Name(text)), ValueLength < 0 ? null : SipWords.Intern(Value(text)));
}
