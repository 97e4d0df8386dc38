namespace VoiceGateway.Sip;

/// <summary>What our TLS listeners want of a client's certificate.</summary>
public enum SipClientCertificates
{
    /// <summary>Clients are not asked.</summary>
    Off,

    /// <summary>Clients are asked; one without, or with one that we do not trust (telephones have their maker's), is served like any other.</summary>
    Request,

    /// <summary>Only clients with a certificate that we trust are served.</summary>
    Require,
}
