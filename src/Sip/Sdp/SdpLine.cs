namespace VoiceGateway.Sip;

/// <summary>A line that is carried but not understood, such as b= or k=.</summary>
public readonly record struct SdpLine(char Type, string Value);
