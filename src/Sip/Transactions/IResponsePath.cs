namespace VoiceGateway.Sip;

/// <summary>The way back for the responses to one request (RFC 3261 section 18.2.2).</summary>
internal interface IResponsePath
{
    bool IsReliable { get; }

    bool Send(ReadOnlySpan<byte> message);
}
