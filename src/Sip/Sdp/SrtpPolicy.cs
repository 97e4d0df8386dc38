namespace VoiceGateway.Sip;

/// <summary>Whether a stream is encrypted by SRTP with keys from SDP (RFC 4568).</summary>
public enum SrtpPolicy
{
    /// <summary>Never: what is offered under RTP/SAVP is refused.</summary>
    Never,

    /// <summary>As offered; our own offers invite to it (RFC 8643) where nobody on the way can read the keys.</summary>
    Optional,

    /// <summary>Always: what is offered without keys is refused, and our offers are RTP/SAVP.</summary>
    Required,
}
