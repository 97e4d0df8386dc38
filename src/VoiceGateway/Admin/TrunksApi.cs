using VoiceGateway.Calls;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Admin;

/// <summary><c>GET /api/trunks</c>: the trunks, their registrations and probes, the certificate, and places that failed lately.</summary>
internal static class TrunksApi
{
    public static void MapTrunks(this IEndpointRouteBuilder routes) => routes.MapGet("/api/trunks",
        static (TrunkTable trunks, TrunkLinks links, SipEndpoint sip) => Results.Json(new
        {
            trunks = trunks.All.Select(t => TrunkView.From(t, links)),
            certificate = sip.Certificate is { } c ? new { c.Subject, c.Identities, c.NotBefore, c.NotAfter, c.LoadedAt, c.Problem } : null,
            listed = sip.ListedHops.Select(static h => new { place = $"{h.Transport.UriName()}:{h.EndPoint}", name = h.HostName, seconds = Math.Ceiling(h.Remaining.TotalSeconds), h.Failures }),
        }, CallRecords.Json));
}
