using System.Net.Http.Json;
using System.Text.Json;
using VoiceGateway.Admin;
using VoiceGateway.Calls;
using VoiceGateway.Records;

namespace VoiceGateway.Soak;

/// <summary>What the gateway itself says of the calls, and what its tools wrote.</summary>
internal static class GatewayBooks
{
    /// <summary>The records of all calls, by the caller's number.</summary>
    public static async Task<IReadOnlyDictionary<string, CallView>> RecordsAsync(HttpClient http, int calls, CancellationToken stop)
    {
        var records = new Dictionary<string, CallView>();
        // A record is written after the call's last packet.
        for (var attempt = 0; attempt < 100 && records.Count < calls; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
            var list = await http.GetFromJsonAsync<JsonElement>($"/api/calls?limit={calls}", stop);
            records.Clear();
            foreach (var line in list.GetProperty("calls").EnumerateArray().Where(static c => c.GetProperty("state").GetString() == "ended"))
            {
                var view = (await http.GetFromJsonAsync<CallView>($"/api/calls/{line.GetProperty("id").GetString()}", CallRecords.Json, stop))!;
                records[view.Caller] = view;
            }
        }
        return records;
    }

    public static async Task<IReadOnlyList<(string Caller, long Number)>> OrdersAsync(string path, CancellationToken stop)
    {
        await using var database = Database.Open($"sqlite:{path}");
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using var select = connection.CreateCommand();
        select.CommandText = "SELECT caller, number FROM soak_orders";
        await using var rows = await select.ExecuteReaderAsync(stop);
        var orders = new List<(string, long)>();
        while (await rows.ReadAsync(stop)) orders.Add((rows.GetString(0), rows.GetInt64(1)));
        return orders;
    }
}
