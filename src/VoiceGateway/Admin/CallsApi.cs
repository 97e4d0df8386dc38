using VoiceGateway.Calls;
using VoiceGateway.Hosting;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Sip;

namespace VoiceGateway.Admin;

/// <summary><c>/api</c>: the calls that run and those that have ended.</summary>
internal static class CallsApi
{
    /// <param name="To">SIP URI to call.</param>
    /// <param name="Agent">Agent profile; null: <c>default</c>.</param>
    /// <param name="From">Our number, as the callee sees it.</param>
    public sealed record DialRequest(string? To, string? Agent, string? From);

    public sealed record Problem(string Error);

    public static void MapCalls(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.MapGet("/calls", ListAsync);
        api.MapGet("/calls/{id}", GetAsync);
        api.MapPost("/calls", Dial);
        api.MapDelete("/calls/{id}", HangUp);
        api.MapPost("/drain", static (GatewayLifetime lifetime, CallRegistry calls) =>
        {
            lifetime.Drain();
            return Json(new { draining = true, activeCalls = calls.Count }, StatusCodes.Status202Accepted);
        });
    }

    private static async Task<IResult> ListAsync(CallRegistry calls, CallRecordStore records, int? limit, string? after, CancellationToken cancelled)
    {
        try
        {
            var ended = await records.ListAsync(limit ?? 50, after, cancelled);
            // The running ones stand before the first page of the others.
            CallLine[] running = after is null ? [.. calls.All.Reverse().Select(CallLine.From)] : [];
            // A call whose record has just been written is still in both.
            var others = ended.Calls.Select(CallLine.From).ExceptBy(running.Select(static c => c.Id), static c => c.Id);
            return Json(new { calls = running.Concat(others), next = ended.Next });
        }
        catch (FormatException e)
        {
            return Json(new Problem(e.Message), StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> GetAsync(string id, CallRegistry calls, CallRecordStore records, CancellationToken cancelled)
    {
        if (calls.TryGet(id, out var call)) return Json(CallView.From(call.Snapshot()));
        return await records.FindAsync(id, cancelled) is { } record ? Json(CallView.From(record)) : Unknown(id);
    }

    private static IResult Dial(DialRequest request, CallHost host, SipEndpoint sip, RouteTable table, GatewayLifetime lifetime)
    {
        if (!SipUri.TryParse(request.To, out var to) || to is not { IsSip: true }) return Bad("'to' must be a SIP URI, such as sip:100@192.0.2.1");
        if (table.Agent(request.Agent ?? "default") is not { } agent) return Bad($"there is no agent '{request.Agent ?? "default"}'");
        if (lifetime.IsDraining) return Json(new Problem("the gateway is draining"), StatusCodes.Status503ServiceUnavailable);
        return host.Dial(sip, to, agent, request.From) is { } call
            ? Json(new { id = call.Id }, StatusCodes.Status202Accepted)
            : Json(new Problem("as many calls as are configured are running"), StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult HangUp(string id, CallRegistry calls)
    {
        if (!calls.TryGet(id, out var call)) return Unknown(id);
        call.End(CallEndReason.OperatorHungUp);
        return Json(new { id = call.Id }, StatusCodes.Status202Accepted);
    }

    private static IResult Unknown(string id) => Json(new Problem($"there is no call '{id}'"), StatusCodes.Status404NotFound);

    private static IResult Bad(string problem) => Json(new Problem(problem), StatusCodes.Status400BadRequest);

    private static IResult Json(object value, int status = StatusCodes.Status200OK) => Results.Json(value, CallRecords.Json, statusCode: status);
}
