using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.Hosting;
using VoiceGateway.Records;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;
using VoiceGateway.Sip;

namespace VoiceGateway.Admin;

/// <summary><c>/api</c>: the calls that run and those that have ended.</summary>
internal static class CallsApi
{
    /// <param name="To">SIP URI to call; with a trunk also a number.</param>
    /// <param name="Agent">Agent profile; null: <c>default</c>.</param>
    /// <param name="From">Our number, as the callee sees it; null: the trunk's.</param>
    /// <param name="Trunk">Through whom; null: straight to the URI.</param>
    public sealed record DialRequest(string? To, string? Agent, string? From, string? Trunk);

    /// <param name="Digits">1 to 64 of 0-9, *, #, A-D; a comma is a pause of a second.</param>
    public sealed record KeysRequest(string? Digits);

    public sealed record Problem(string Error);

    public static void MapCalls(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.MapGet("/calls", ListAsync);
        api.MapGet("/calls/{id}", GetAsync);
        api.MapPost("/calls", Dial);
        api.MapDelete("/calls/{id}", HangUp);
        api.MapPost("/calls/{id}/dtmf", SendKeysAsync);
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

    private static IResult Dial(DialRequest request, CallHost host, SipEndpoint sip, RouteTable table, TrunkTable trunks, TrunkLinks links, GatewayLifetime lifetime)
    {
        var trunk = trunks.Find(request.Trunk);
        if (request.Trunk is not null && trunk is null) return Bad($"there is no trunk '{request.Trunk}'");
        if (trunk is { Server: null }) return Bad($"calls cannot be placed through trunk '{trunk}': it has no Server");
        if (Callee(request.To, trunk) is not { } to) return Bad($"'to' must be a SIP URI, such as sip:100@192.0.2.1{(trunk is null ? "" : ", or a number")}");
        if (table.Agent(request.Agent ?? "default") is not { } agent) return Bad($"there is no agent '{request.Agent ?? "default"}'");
        if (lifetime.IsDraining) return Json(new Problem("the gateway is draining"), StatusCodes.Status503ServiceUnavailable);
        var plan = new DialPlan(to) { From = request.From };
        if (trunk is not null) plan = plan with { Trunk = trunk, NextHop = trunk.Server, Through = call => links.Through(trunk, call) };
        return host.Dial(sip, plan, agent) is { } placed
            ? Json(new { id = placed.Id }, StatusCodes.Status202Accepted)
            : Json(new Problem("as many calls as are configured are running"), StatusCodes.Status503ServiceUnavailable);
    }

    private static SipUri? Callee(string? to, Trunk? trunk)
    {
        if (trunk is not null) return to is null ? null : TrunkLinks.Callee(trunk, to);
        return SipUri.TryParse(to, out var uri) && uri is { IsSip: true } ? uri : null;
    }

    private static IResult HangUp(string id, CallRegistry calls)
    {
        if (!calls.TryGet(id, out var call)) return Unknown(id);
        call.End(CallEndReason.OperatorHungUp);
        return Json(new { id = call.Id }, StatusCodes.Status202Accepted);
    }

    /// <summary>Answers when the last key is up.</summary>
    private static async Task<IResult> SendKeysAsync(string id, KeysRequest request, CallRegistry calls, CancellationToken cancelled)
    {
        if (!calls.TryGet(id, out var call)) return Unknown(id);
        if (!CallKeys.AreKeys(request.Digits)) return Bad("'digits' must be 1 to 64 of 0-9, *, #, A-D, and commas for pauses");
        var sent = await call.SendDigitsAsync(request.Digits!, cancelled);
        return sent == DigitsOutcome.NotSent
            ? Json(new Problem("the call is not up, on hold, or ended meanwhile"), StatusCodes.Status409Conflict)
            : Json(new { id = call.Id, sent });
    }

    private static IResult Unknown(string id) => Json(new Problem($"there is no call '{id}'"), StatusCodes.Status404NotFound);

    private static IResult Bad(string problem) => Json(new Problem(problem), StatusCodes.Status400BadRequest);

    private static IResult Json(object value, int status = StatusCodes.Status200OK) => Results.Json(value, CallRecords.Json, statusCode: status);
}
