namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>What fills the braces of the files in <c>tests/interop/kamailio</c>.</summary>
internal sealed record KamailioOptions
{
    public const string Realm = "pbx";

    /// <summary>The first lines of each file say what there is.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Its SIP port, UDP and TCP; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>Who may register, and dial out; 100 is whom the scenarios of sipp call.</summary>
    public string User { get; init; } = "100";

    public string Password { get; init; } = "their secret";

    /// <summary>The longest that it binds somebody, in seconds.</summary>
    public int MaxExpires { get; init; } = 3600;

    /// <summary>How long a nonce is good.</summary>
    public int NonceSeconds { get; init; } = 300;

    /// <summary>The port on loopback where calls for the others go.</summary>
    public int Callee { get; init; }

    /// <summary>SIP URIs that calls are given to.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Its certificate; null: no TLS.</summary>
    public CertificateFiles? Certificate { get; init; }
}
