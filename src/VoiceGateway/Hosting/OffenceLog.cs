using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Hosting;

/// <summary>
/// One line for each offence, in a form that <c>config/fail2ban/</c> reads. Its wording is part of the contract. No user is named: a typo of
/// a caller's is a number.
/// </summary>
internal sealed partial class OffenceLog(TrunkTable trunks, ILogger<OffenceLog> log)
{
    public void Report(SipOffence offence)
    {
        // To ban a peer of ours would be an outage: it is told apart, and the filter leaves it alone.
        // Who once showed a password counts as known for a while; it is the address that must be a trunk's.
        if (trunks.At(offence.Source.EndPoint.Address) is not null) LogTrunk(Words(offence.Kind), offence.Source.Transport.UriName(), offence.Source.EndPoint.Address.ToString(), offence.Source.EndPoint.Port, offence.Unreported);
        else LogStranger(Words(offence.Kind), offence.Source.Transport.UriName(), offence.Source.EndPoint.Address.ToString(), offence.Source.EndPoint.Port, offence.Unreported);
    }

    private static string Words(SipOffenceKind kind) => kind switch
    {
        SipOffenceKind.UnknownSource => "unknown source",
        SipOffenceKind.BadCredentials => "bad credentials",
        SipOffenceKind.RateLimited => "rate limited",
        _ => "malformed",
    };

    [LoggerMessage(145, LogLevel.Warning, "SIP offence: {Kind} from {Transport} {Address} port {Port} (unreported {Unreported})")]
    private partial void LogStranger(string kind, string transport, string address, int port, long unreported);

    [LoggerMessage(146, LogLevel.Warning, "SIP trunk offence: {Kind} from {Transport} {Address} port {Port} (unreported {Unreported})")]
    private partial void LogTrunk(string kind, string transport, string address, int port, long unreported);
}
