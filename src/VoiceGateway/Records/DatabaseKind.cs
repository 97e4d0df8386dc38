namespace VoiceGateway.Records;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}
