namespace VoiceGateway.Sip;

/// <summary>A preloaded route set (RFC 3261 section 8.1.2): where a request outside of a dialog goes before it reaches its target.</summary>
internal static class RouteSet
{
    /// <summary>
    /// The proxy first, as a loose route, then the routes; once where the routes begin with the proxy, as a Service-Route may that the
    /// proxy had a part in (RFC 3608 section 5).
    /// </summary>
    public static IReadOnlyList<SipNameAddress> Of(SipUri? proxy, IReadOnlyList<SipNameAddress> routes)
    {
        if (proxy is null)
            return routes;
        var loose = new SipNameAddress(proxy.Parameters.Contains("lr") ? proxy : proxy.WithParameter("lr"));
        return routes is [var first, ..] && first.Uri.Equals(loose.Uri) ? routes : [loose, .. routes];
    }

    public static SipUri NextHop(IReadOnlyList<SipNameAddress> routes, SipUri target) => routes is [var first, ..] ? first.Uri : target;

    /// <summary>Puts Route, and where the first one is a strict router turns it around: it reads the Request-URI only (section 12.2.1.1).</summary>
    public static void Put(SipRequest request, IReadOnlyList<SipNameAddress> routes, SipUri target)
    {
        request.Headers.Remove(SipHeaderNames.Route);
        bool isStrict = routes is [var first, ..] && !first.Uri.Parameters.Contains("lr");
        request.RequestUri = isStrict ? routes[0].Uri.WithoutParameter("method").WithoutHeaders() : target;
        foreach (var route in routes.Skip(isStrict ? 1 : 0))
            request.Headers.Add(SipHeaderNames.Route, route.ToString());
        if (isStrict)
            request.Headers.Add(SipHeaderNames.Route, new SipNameAddress(target).ToString());
    }
}
