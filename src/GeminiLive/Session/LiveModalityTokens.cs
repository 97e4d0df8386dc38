namespace VoiceGateway.GeminiLive;

/// <param name="Modality"><c>AUDIO</c>, <c>TEXT</c>, … as sent: the list is open.</param>
public readonly record struct LiveModalityTokens(string Modality, long Tokens);
