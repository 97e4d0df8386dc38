namespace VoiceGateway.Sip;

/// <summary>
/// The o= line (RFC 8866 section 5.2). The numbers are text here, because there are telephones that put more than 64 bits in them
/// and nothing is done with them but to compare.
/// </summary>
public sealed record SdpOrigin(string UserName, string SessionId, string SessionVersion, string AddressType, string Address)
{
    internal static SdpOrigin Unknown { get; } = new("-", "0", "0", "IP4", "0.0.0.0");

    public override string ToString() => $"{UserName} {SessionId} {SessionVersion} IN {AddressType} {Address}";

    // A user name has no blanks, but there are gateways that write their product's name there.
    internal static SdpOrigin? Parse(string value) =>
        value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, .., var id, var version, _, var type, var address] fields
            ? new SdpOrigin(string.Join('-', fields[..^5]), id, version, type, address)
            : null;
}
