
namespace VoiceGateway.Hosting;

/// <summary>Defects that rooms without a logger report.</summary>
internal sealed partial class FaultLog(ILogger<FaultLog> log)
{
    public void SignallingFailed(Exception exception) => LogSignalling(exception);

    [LoggerMessage(121, LogLevel.Error, "A defect in the signalling")]
    private partial void LogSignalling(Exception exception);
}
