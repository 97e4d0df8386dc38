namespace VoiceGateway.Sip;

/// <summary>The first thing found wrong with a message.</summary>
internal sealed class SipParseFailure
{
    private int _status;
    private string _reason = "";

    public SipParseErrorKind Kind { get; private set; }

    public bool IsSet => Kind != SipParseErrorKind.None;

    /// <summary>Keeps what was set first.</summary>
    public void Set(SipParseErrorKind kind, int status, string reason)
    {
        if (IsSet)
            return;
        Kind = kind;
        _status = status;
        _reason = reason;
    }

    public SipResponse ToResponse() => new(_status, _reason);

    public SipParseError ToError(SipResponse? answer) => new(Kind, _status, _reason, answer);
}
