namespace VoiceGateway.Sip;

/// <summary>One header. <see cref="Value"/> is unfolded and trimmed.</summary>
public readonly record struct SipHeader(string Name, string Value);
