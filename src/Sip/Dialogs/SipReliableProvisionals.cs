namespace VoiceGateway.Sip;

/// <summary>How far provisional responses are made reliable (RFC 3262).</summary>
public enum SipReliableProvisionals
{
    /// <summary>100rel is not known; who requires it gets 420.</summary>
    Off,

    /// <summary>Announced, and used with every peer that supports it.</summary>
    Supported,

    /// <summary>Who does not support it gets 421; calls that we place require it.</summary>
    Required,
}
