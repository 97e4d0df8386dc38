using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>One REGISTER with what its refusals lead to, until there is an outcome (RFC 3261 sections 10.2 and 10.2.8). Runs in the registration's mailbox.</summary>
internal sealed class RegisterRequest : IRequestAttemptsUser
{
    private const int MostRaises = 3;
    private readonly SipStack _stack;
    private readonly SipRegistrationOptions _options;
    private readonly RegistrationIdentity _identity;
    private readonly Action<RegisterRequest, SipResponse?, ClientFailure?> _completed;
    private readonly RequestAttempts _attempts;
    private readonly SipUri? _bound;
    private int _raises;

    /// <param name="stack">Sends it.</param>
    /// <param name="mailbox">The registration's.</param>
    /// <param name="options">The registration's.</param>
    /// <param name="identity">What stays the same from one REGISTER to the next.</param>
    /// <param name="expires">Zero ends the binding.</param>
    /// <param name="bound">The Contact that is bound now, which goes when our address has changed meanwhile.</param>
    /// <param name="completed">Told the outcome.</param>
    public RegisterRequest(
        SipStack stack, Mailbox mailbox, SipRegistrationOptions options, RegistrationIdentity identity, TimeSpan expires, SipUri? bound,
        Action<RegisterRequest, SipResponse?, ClientFailure?> completed)
    {
        _stack = stack;
        _options = options;
        _identity = identity;
        _completed = completed;
        _bound = bound;
        Expires = expires;
        _attempts = new RequestAttempts(stack, mailbox, this) { Digest = identity.Digest };
    }

    /// <summary>What was asked for, in the end.</summary>
    public TimeSpan Expires { get; private set; }

    public SipFlow? Flow => _attempts.Flow;

    public SipUri? Contact { get; private set; }

    public void Start() => _attempts.Start(RouteSet.NextHop(Routes, _options.Registrar), Create);

    /// <summary>Along the flow that the binding is for.</summary>
    public void Start(SipFlow flow) => _attempts.Start(flow, Create);

    public void Stop()
    {
        _attempts.Stop();
        _attempts.Transaction?.Terminate();
    }

    public void OnSending(SipRequest request, SipFlow flow)
    {
        _identity.Sequence = request.CSeq.Number;
        request.Headers.Remove(SipHeaderNames.Contact);
        if (Expires == TimeSpan.Zero && _bound is not null)
        {
            Contact = _bound;
            request.Headers.Add(SipHeaderNames.Contact, new SipNameAddress(_bound).ToString());
            return;
        }

        var contact = _stack.CreateContact(flow, _options.ContactUser ?? _options.AddressOfRecord.User);
        Contact = contact.Uri;
        if (_options.Q is { } q)
            contact = contact.WithParameter("q", q.ToString("0.###", CultureInfo.InvariantCulture));
        request.Headers.Add(SipHeaderNames.Contact, contact.ToString());
        if (_bound is not null && !_bound.Equals(Contact))
            request.Headers.Add(SipHeaderNames.Contact, new SipNameAddress(_bound).WithParameter("expires", "0").ToString());
    }

    public void OnProvisional(SipResponse response)
    {
    }

    public void OnFinal(SipResponse response)
    {
        if (response.StatusCode == 423 && RegistrationBinding.MinimumOf(response) is { } minimum
            && minimum > Expires && minimum <= RegistrationBinding.Longest && Expires > TimeSpan.Zero && _raises++ < MostRaises)
        {
            Expires = _identity.LeastExpires = minimum;
            _attempts.Again(PutExpires);
        }
        else
        {
            _completed(this, response, null);
        }
    }

    public void OnFailed(ClientFailure failure) => _completed(this, null, failure);

    private IReadOnlyList<SipNameAddress> Routes => RouteSet.Of(_options.Proxy, []);

    private SipRequest Create(SipFlow flow)
    {
        var who = new SipNameAddress(_options.AddressOfRecord.WithoutParameters());
        var registrar = _options.Registrar.WithoutHeaders();
        var request = SipRequest.Create(SipMethods.Register, registrar, who.WithTag(_identity.Tag), who, _identity.CallId, _identity.Sequence + 1);
        RouteSet.Put(request, Routes, registrar);
        request.Headers.Set(SipHeaderNames.UserAgent, _stack.Options.UserAgent);
        request.Headers.Set(SipHeaderNames.Supported, "path"); // RFC 3327 section 5.1: proxies on the way may put themselves on the way back
        _stack.Capabilities.PutAllow(request);
        foreach (var (name, value) in _options.Headers)
            request.Headers.Add(name, value);
        PutExpires(request);
        return request;
    }

    private void PutExpires(SipRequest request) => request.Headers.Set(SipHeaderNames.Expires, RegistrationBinding.Seconds(Expires));
}
