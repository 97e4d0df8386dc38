namespace VoiceGateway.LiveSimulator;

/// <summary>How a TCP connection ends without a WebSocket close frame.</summary>
public enum DropStyle
{
    /// <summary>RST: what has been sent may be lost.</summary>
    Reset,

    /// <summary>FIN: the stream simply ends.</summary>
    Fin,
}
