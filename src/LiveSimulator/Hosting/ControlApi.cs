using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceGateway.LiveSimulator;

/// <summary>The faults over HTTP, on the sessions' own port: what goes on, what is armed, and more of it. JSON in and out; a mistake is a 400 that names its place.</summary>
internal sealed class ControlApi(LiveSimulatorServer server, bool fromAnywhere)
{
    private const int LongestBody = 1 << 20;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task HandleAsync(HttpContext http)
    {
        var (status, body) = await AnswerAsync(http);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body.ToJsonString(Readable) + "\n");
    }

    private async Task<(int Status, JsonObject Body)> AnswerAsync(HttpContext http)
    {
        // Whoever reaches this can end every session.
        if (!fromAnywhere && http.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
            return Error(StatusCodes.Status403Forbidden, "Only from this machine (--control-from-anywhere).");
        try
        {
            return (http.Request.Method, http.Request.Path.Value!.Trim('/').Split('/')) switch
            {
                ("GET", ["sessions"]) => Fine(("sessions", List(server.Sessions, ControlJson.Session))),
                ("GET", ["sessions", var id]) => Find(id) is { } session ? (StatusCodes.Status200OK, ControlJson.Session(session)) : NoSession(id),
                ("POST", ["sessions", "faults"]) => await InjectAsync(http, [.. server.Sessions.Where(static session => session.IsOpen)]),
                ("POST", ["sessions", var id, "faults"]) => Find(id) is { } session ? await InjectAsync(http, [session]) : NoSession(id),
                ("DELETE", ["sessions", var id, "faults"]) => Find(id) is { } session ? Clear(session) : NoSession(id),
                ("GET", ["faults"]) => Fine(("faults", List(server.Faults.Armed, ControlJson.Armed))),
                ("POST", ["faults"]) => Fine(("armed", List(server.Faults.Arm(await BodyAsync(http)), ControlJson.Armed))),
                ("DELETE", ["faults"]) => Disarm(),
                ("DELETE", ["faults", var id]) => server.Faults.Remove(id) ? Disarmed() : Error(StatusCodes.Status404NotFound, $"No fault \"{id}\" is armed."),
                ("GET", ["faults", "kinds"]) => Fine(("kinds", List(Fault.Kinds, ControlJson.Kind))),
                _ => Error(StatusCodes.Status404NotFound, "There is GET /control/sessions, GET /control/sessions/{id}, POST and DELETE /control/sessions/{id}/faults, "
                    + "POST /control/sessions/faults, GET, POST and DELETE /control/faults, DELETE /control/faults/{id} and GET /control/faults/kinds."),
            };
        }
        catch (ScenarioException mistake)
        {
            return Error(StatusCodes.Status400BadRequest, mistake.Message);
        }
    }

    private async Task<(int, JsonObject)> InjectAsync(HttpContext http, IReadOnlyList<SimulatedSession> sessions)
    {
        var node = FaultReader.Node(await BodyAsync(http));
        List<Fault> faults = node.Element.ValueKind == JsonValueKind.Array ? [.. node.Items().Select(static each => FaultReader.Read(each))] : [FaultReader.Read(node)];
        if (faults.Find(static fault => fault is Fault.AtTheDoor) is { } door)
            throw node.Fault($"{door.Kind} is for connections to come: POST it to /control/faults");
        var injected = 0;
        foreach (var fault in faults)
            injected += (await Task.WhenAll(sessions.Select(session => session.InjectAsync(fault)))).Count(static happened => happened);
        // Of one session that was named it is worth an error that it is gone; of all of them it is not.
        return injected == 0 && sessions is [var only] && !only.IsOpen
            ? Error(StatusCodes.Status409Conflict, $"{only.Id} is over.")
            : Fine(("injected", injected));
    }

    private static async Task<string> BodyAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var buffer = new char[LongestBody];
        var length = await reader.ReadBlockAsync(buffer, http.RequestAborted);
        return length == LongestBody ? throw new ScenarioException("$: too long") : new string(buffer, 0, length);
    }

    private SimulatedSession? Find(string id) => server.Sessions.FirstOrDefault(session => session.Id == id);

    private static (int, JsonObject) Clear(SimulatedSession session)
    {
        session.ClearFaults();
        return (StatusCodes.Status200OK, ControlJson.Session(session));
    }

    private (int, JsonObject) Disarm()
    {
        server.Faults.Clear();
        return Disarmed();
    }

    private (int, JsonObject) Disarmed() => Fine(("faults", List(server.Faults.Armed, ControlJson.Armed)));

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> write) => [.. items.Select(write)];

    private static (int, JsonObject) Fine((string Name, JsonNode Value) member) => (StatusCodes.Status200OK, new JsonObject { [member.Name] = member.Value });

    private static (int, JsonObject) NoSession(string id) => Error(StatusCodes.Status404NotFound, $"There is no session \"{id}\".");

    private static (int, JsonObject) Error(int status, string message) => (status, new JsonObject { ["error"] = message });
}
