using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.Hosting;
using VoiceGateway.Records;
using VoiceGateway.Sip;

namespace VoiceGateway.Admin;

/// <summary><c>/health/live</c>: the process works. <c>/health/ready</c>: a call could be taken now.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", static () => Results.Json(new { status = "live" }));
        routes.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(GatewayLifetime lifetime, CallRegistry calls, Database database, LiveTarget live, SipEndpoint sip, CancellationToken cancelled)
    {
        string? why = null;
        if (lifetime.IsDraining) why = "draining";
        else
        {
            try
            {
                await database.CheckAsync(cancelled);
            }
            catch (ConfigurationException e)
            {
                why = e.Message;
            }
        }
        return Results.Json(
            new
            {
                status = why is null ? "ready" : "not ready",
                why,
                sip = sip.BoundEndPoints.Select(static e => e.ToString()),
                live = live.ToString(),
                activeCalls = calls.Count,
            },
            statusCode: why is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
