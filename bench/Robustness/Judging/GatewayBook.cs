using System.Net.Http.Json;
using System.Text.Json;

namespace VoiceGateway.Robustness;

/// <summary>What the gateway itself counted in a call.</summary>
internal sealed record GatewayBook(long Received, long Lost, long Late, long Reordered, long Duplicates, long Foreign, double JitterMs, double FilledMs)
{
    /// <summary>The records of calls that have ended, by the caller's number.</summary>
    public static async Task<IReadOnlyDictionary<string, GatewayBook>> ReadAsync(HttpClient http, int calls)
    {
        var books = new Dictionary<string, GatewayBook>();
        // A record is written after the call's last packet.
        for (var attempt = 0; attempt < 100 && books.Count < calls; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            var list = await http.GetFromJsonAsync<JsonElement>($"/api/calls?limit={calls}");
            foreach (var call in list.GetProperty("calls").EnumerateArray().Where(static c => c.GetProperty("state").GetString() == "ended"))
            {
                var view = await http.GetFromJsonAsync<JsonElement>($"/api/calls/{call.GetProperty("id").GetString()}");
                books[view.GetProperty("caller").GetString()!] = Of(view);
            }
        }
        return books;
    }

    private static GatewayBook Of(JsonElement call)
    {
        var rtp = call.GetProperty("rtp");
        return new GatewayBook(
            Count("packetsReceived"), Count("lost"), Count("late"), Count("reordered"), Count("duplicates"), Count("foreign"),
            rtp.GetProperty("jitterMs").GetDouble(), 1000 * call.GetProperty("playout").GetProperty("filledSeconds").GetDouble());

        long Count(string name) => rtp.GetProperty(name).GetInt64();
    }
}
