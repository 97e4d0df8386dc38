namespace VoiceGateway.LiveSimulator;

/// <summary>How a client learns that there are too many sessions.</summary>
public enum QuotaAnswer
{
    /// <summary>HTTP 429 on the upgrade.</summary>
    Http429,

    /// <summary>The WebSocket opens and is closed with 1011.</summary>
    Close1011,
}
