namespace VoiceGateway.Sip;

/// <summary>The final answer to a request within a dialog.</summary>
public sealed record SipReply(int StatusCode, string? Reason = null, params (string Name, string Value)[] Headers);
