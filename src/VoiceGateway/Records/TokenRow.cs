namespace VoiceGateway.Records;

/// <summary>A row of <c>call_tokens</c> as Dapper reads it.</summary>
internal sealed class TokenRow
{
    public const string Columns = "direction AS Direction, modality AS Modality, tokens AS Tokens";

    public string Direction { get; set; } = "";

    public string Modality { get; set; } = "";

    public long Tokens { get; set; }

    public TokenCount ToCount() => new(Direction, Modality, Tokens);
}
