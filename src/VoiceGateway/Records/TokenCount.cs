namespace VoiceGateway.Records;

/// <summary>Tokens of one kind.</summary>
/// <param name="Direction"><c>prompt</c>, <c>response</c>, <c>thoughts</c>, <c>tool_use</c>, or <c>cached</c>, which is part of <c>prompt</c>.</param>
/// <param name="Modality"><c>TEXT</c>, <c>AUDIO</c>, <c>IMAGE</c>, <c>VIDEO</c>, <c>DOCUMENT</c>, what else the server may name, or <c>UNSPECIFIED</c>.</param>
/// <param name="Tokens">0 or more.</param>
public readonly record struct TokenCount(string Direction, string Modality, long Tokens);
