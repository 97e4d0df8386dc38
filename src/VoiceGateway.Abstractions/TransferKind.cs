namespace VoiceGateway.Abstractions;

public enum TransferKind
{
    /// <summary>REFER without asking the other side first (RFC 5589 section 6).</summary>
    Blind,

    /// <summary>The other side is called first and the caller joined when it answers (RFC 5589 section 7).</summary>
    Attended,
}
