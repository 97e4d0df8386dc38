namespace VoiceGateway.GeminiLive;

/// <summary>Why a link changed its connection.</summary>
public enum LinkCause
{
    /// <summary>The first connection of the link.</summary>
    Start,

    /// <summary>The server announced that it will close.</summary>
    GoAway,

    /// <summary>The connection reached <see cref="LiveLinkOptions.RotateAfter"/>.</summary>
    Age,

    /// <summary>The connection ended without being asked to.</summary>
    Lost,

    /// <summary>The network takes no more audio.</summary>
    Stuck,

    /// <summary><see cref="LiveLink.Reconnect"/>: whoever watches the conversation has given the connection up.</summary>
    Asked,
}
