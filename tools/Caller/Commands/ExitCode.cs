namespace VoiceGateway.Caller;

internal static class ExitCode
{
    public const int Fine = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;
}
