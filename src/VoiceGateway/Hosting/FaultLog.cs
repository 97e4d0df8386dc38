using VoiceGateway.Sip;

namespace VoiceGateway.Hosting;

/// <summary>What rooms without a logger report: defects, and the state of the certificate.</summary>
internal sealed partial class FaultLog(ILogger<FaultLog> log)
{
    public void SignallingFailed(Exception exception) => LogSignalling(exception);

    public void CertificateRead(SipCertificateState certificate)
    {
        if (certificate.Problem is { } problem) LogCertificateKept(problem);
        else LogCertificate(certificate.Subject, certificate.NotAfter);
    }

    public void HandshakeFailed(SipTlsFailure failure)
    {
        // Who connects to us and fails is a scanner, mostly; whom we connect to is configured.
        if (failure.IsIncoming) LogIncomingHandshake(failure.Remote.ToString(), failure.Reason);
        else LogHandshake(failure.Remote.ToString(), failure.Reason);
    }

    [LoggerMessage(121, LogLevel.Error, "A defect in the signalling")]
    private partial void LogSignalling(Exception exception);

    [LoggerMessage(141, LogLevel.Information, "TLS certificate {Subject}, valid until {NotAfter:u}")]
    private partial void LogCertificate(string subject, DateTimeOffset notAfter);

    [LoggerMessage(142, LogLevel.Error, "The new TLS files cannot be used, the old ones stay: {Problem}")]
    private partial void LogCertificateKept(string problem);

    [LoggerMessage(143, LogLevel.Warning, "TLS with {Remote} failed: {Reason}")]
    private partial void LogHandshake(string remote, string reason);

    [LoggerMessage(144, LogLevel.Debug, "TLS from {Remote} failed: {Reason}")]
    private partial void LogIncomingHandshake(string remote, string reason);
}
