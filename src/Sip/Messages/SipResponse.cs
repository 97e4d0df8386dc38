using System.Globalization;

namespace VoiceGateway.Sip;

public sealed class SipResponse : SipMessage
{
    /// <param name="statusCode">100 to 699.</param>
    /// <param name="reasonPhrase">The usual phrase when null. Controls become blanks.</param>
    /// <param name="headers">Taken over, not copied.</param>
    /// <exception cref="ArgumentException">The status is out of range.</exception>
    public SipResponse(int statusCode, string? reasonPhrase = null, SipHeaders? headers = null)
        : base(headers ?? new SipHeaders())
    {
        if (statusCode is < 100 or > 699)
            throw new ArgumentException("A status code is 100 to 699.", nameof(statusCode));
        StatusCode = statusCode;
        ReasonPhrase = SipGrammar.WithoutControls(reasonPhrase ?? SipReasonPhrases.Get(statusCode));
    }

    public int StatusCode { get; }

    public string ReasonPhrase { get; }

    public bool IsProvisional => StatusCode < 200;

    public bool IsSuccess => StatusCode is >= 200 and < 300;

    public bool IsFinal => StatusCode >= 200;

    private protected override string StartLine => string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {StatusCode} {ReasonPhrase}");
}
