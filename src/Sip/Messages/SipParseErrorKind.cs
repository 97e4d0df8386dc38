namespace VoiceGateway.Sip;

/// <summary>What was wrong, coarse enough to count by.</summary>
public enum SipParseErrorKind
{
    None,

    /// <summary>The first line is no SIP start line at all.</summary>
    NotSip,

    StartLine,
    Version,

    /// <summary>A line that is no header, a control character, or a header section that does not end.</summary>
    HeaderSyntax,

    MissingHeader,
    DuplicateHeader,

    /// <summary>A header that is understood holds what it must not.</summary>
    HeaderValue,

    /// <summary>Via, Call-ID, CSeq, From or To cannot be read.</summary>
    Identity,

    /// <summary>The CSeq names another method than the request line.</summary>
    MethodMismatch,

    ContentLength,
    TooLarge,
}
