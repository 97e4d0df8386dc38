namespace VoiceGateway.Sip;

/// <summary>A file that <see cref="SipTlsOptions"/> names cannot be used; the message names the option.</summary>
public sealed class SipTlsFileException : Exception
{
    public SipTlsFileException(string option, string reason, Exception? inner = null)
        : base($"Tls:{option} {reason}", inner) => Option = option;

    /// <summary>Name of the option, for example <c>CertificateFile</c>.</summary>
    public string Option { get; }
}
