namespace VoiceGateway.GeminiLive;

/// <summary>Why a session ended or never began.</summary>
public enum LiveCloseKind
{
    /// <summary>An ending that the table does not know.</summary>
    Unknown,

    /// <summary>By <see cref="LiveSession.CloseAsync()"/>.</summary>
    ClosedHere,

    /// <summary>1000: the server's orderly teardown.</summary>
    ClosedByServer,

    /// <summary>1001, or the connection's allotted time is over.</summary>
    GoingAway,

    /// <summary>1006: no close frame; TCP reset, TLS fault, host unreachable.</summary>
    NetworkLost,

    /// <summary>No TCP, TLS or upgrade within the time allowed.</summary>
    ConnectTimedOut,

    /// <summary>The upgrade was answered, <c>setupComplete</c> never came.</summary>
    SetupTimedOut,

    /// <summary>The server's certificate is not trusted.</summary>
    TlsFailed,

    /// <summary>Bad or missing key: HTTP 401, 403, or 1007/1008 with such a reason.</summary>
    AuthenticationFailed,

    /// <summary>The account may not use this: billing, region, terms.</summary>
    AccessDenied,

    /// <summary>1007 or HTTP 400: a field, value or combination that the model refuses.</summary>
    ContractViolated,

    /// <summary>1007: the context window is full.</summary>
    ContextExhausted,

    /// <summary>1008 "Operation is not implemented, or supported, or enabled".</summary>
    NotImplemented,

    /// <summary>No such model, or not for this method.</summary>
    ModelNotFound,

    /// <summary>HTTP 404: wrong host, path or API version.</summary>
    EndpointNotFound,

    /// <summary>1008 "Requested entity was not found": an expired handle or a late tool response.</summary>
    EntityNotFound,

    /// <summary>Another 1008.</summary>
    PolicyViolated,

    /// <summary>429, or 1011/1008 about quota, rate or concurrent sessions.</summary>
    QuotaExceeded,

    /// <summary>HTTP 5xx, 1012, 1013, or 1011 "unavailable".</summary>
    ServiceUnavailable,

    /// <summary>1011.</summary>
    InternalError,

    /// <summary>1009, or a server message over <see cref="LiveSessionOptions.MaxMessageBytes"/>.</summary>
    MessageTooBig,

    /// <summary>1002, 1003, or repeatedly no JSON: the other side is no Live API.</summary>
    ProtocolViolated,

    /// <summary>Another HTTP status than 101.</summary>
    UpgradeRefused,

    /// <summary>The endpoint or setup cannot be used as it is; nothing was sent.</summary>
    InvalidConfiguration,

    /// <summary>A bug on our side: the <see cref="ILiveSessionHandler"/> or the client itself threw; the exception's stack says which.</summary>
    Defect,
}
