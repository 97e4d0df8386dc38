namespace VoiceGateway.Sip;

/// <summary>What we say about ourselves: Allow, Accept, Supported (RFC 3261 sections 8.1.1.9, 11.2, 13.2.1 and 20).</summary>
internal sealed class SipCapabilities
{
    private static readonly string[] Known =
    [
        SipMethods.Invite, SipMethods.Ack, SipMethods.Bye, SipMethods.Cancel, SipMethods.Options, SipMethods.Register, SipMethods.Prack,
        SipMethods.Update, SipMethods.Info, SipMethods.Refer, SipMethods.Notify, SipMethods.Subscribe, SipMethods.Message, SipMethods.Publish,
    ];

    private readonly HashSet<string> _allowed;
    private readonly string _allow;

    public SipCapabilities(SipEndpointOptions options, ISipCallHandler? handler)
    {
        string[] methods = [SipMethods.Invite, SipMethods.Ack, SipMethods.Cancel, SipMethods.Bye, SipMethods.Options, SipMethods.Notify, SipMethods.Update, .. handler?.AdditionalMethods ?? []];
        if (options.ReliableProvisionals != SipReliableProvisionals.Off)
            methods = [.. methods, SipMethods.Prack];
        if (handler?.TakesReferrals == true)
            methods = [.. methods, SipMethods.Refer];
        _allowed = [.. methods];
        _allow = string.Join(", ", methods.Distinct());
        string[] extensions = [ReplacesHeader.Extension, ReferSub.Extension];
        if (options.SessionTimers is not null)
            extensions = [.. extensions, SessionTimerTerms.Extension];
        if (options.ReliableProvisionals != SipReliableProvisionals.Off)
            extensions = [.. extensions, ReliableProvisionals.Extension];
        Extensions = extensions;
        UserAgent = options.UserAgent;
    }

    /// <summary>Option tags that may stand in Require.</summary>
    public IReadOnlyList<string> Extensions { get; }

    public string UserAgent { get; }

    public bool IsKnown(string method) => Known.Contains(method);

    public bool IsAllowed(string method) => _allowed.Contains(method);

    public void PutAllow(SipMessage message) => message.Headers.Set(SipHeaderNames.Allow, _allow);

    public static void PutAccept(SipMessage message) =>
        message.Headers.Set(SipHeaderNames.Accept, $"{SdpBody.SdpType}, {SdpBody.MultipartType}");

    /// <param name="message">Any request or response but ACK.</param>
    /// <param name="except">An extension that is not to be used for this one.</param>
    public void PutSupported(SipMessage message, string? except = null)
    {
        if (Extensions.Count > 0)
            message.Headers.Set(SipHeaderNames.Supported, string.Join(", ", Extensions.Where(extension => extension != except)));
    }

    /// <summary>The 200 to OPTIONS (section 11.2).</summary>
    public void PutAll(SipMessage message)
    {
        PutAllow(message);
        PutAccept(message);
        message.Headers.Set("Accept-Encoding", "identity");
        message.Headers.Set("Accept-Language", "en");
        // Empty means none (section 20.37), which is an answer too.
        message.Headers.Set(SipHeaderNames.Supported, string.Join(", ", Extensions));
    }
}
