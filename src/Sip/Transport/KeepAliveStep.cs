namespace VoiceGateway.Sip;

internal enum KeepAliveStep
{
    None,

    /// <summary>Send CRLF CRLF.</summary>
    Ping,

    /// <summary>The answer is overdue: close.</summary>
    Dead,
}
