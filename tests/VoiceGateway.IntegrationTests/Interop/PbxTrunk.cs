using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>The trunk <c>pbx</c> of a gateway: its configuration, and what <c>/api/trunks</c> says of it.</summary>
internal static class PbxTrunk
{
    public const string Name = "pbx";

    /// <summary>So that the machine's own address opens nothing: whoever gets in does by the trunk.</summary>
    public static readonly (string Key, string? Value)[] NobodyElse = [("Sip:Trunks:loopback:Addresses:0", "192.0.2.1"), ("Sip:Trunks:loopback:Addresses:1", "192.0.2.2")];

    /// <param name="server">Such as <c>127.0.0.1:5060;transport=tcp</c>.</param>
    /// <param name="password">What we answer challenges with.</param>
    public static (string Key, string? Value)[] Settings(string server, string password = "their secret") =>
    [
        .. NobodyElse, ($"Sip:Trunks:{Name}:Server", $"sip:{server}"), ($"Sip:Trunks:{Name}:User", "100"), ($"Sip:Trunks:{Name}:Password", password),
    ];

    public static (string Key, string? Value)[] Registered(string server, string password = "their secret", int seconds = 30) =>
        [.. Settings(server, password), ($"Sip:Trunks:{Name}:Register", "true"), ($"Sip:Trunks:{Name}:RegisterSeconds", $"{seconds}")];

    public static async Task<JsonElement> ViewAsync(GatewayRig rig) =>
        (await rig.Http.GetFromJsonAsync<JsonElement>("/api/trunks")).GetProperty("trunks").EnumerateArray().Single(static t => t.GetProperty("name").GetString() == Name);

    public static async Task<JsonElement> RegistrationAsync(GatewayRig rig) => (await ViewAsync(rig)).GetProperty("registration");

    /// <summary>Waits until the registration is in this state.</summary>
    public static async Task<JsonElement> BecomesAsync(GatewayRig rig, string state, int seconds = 15)
    {
        var last = default(JsonElement);
        for (var i = 0; i < seconds * 20; i++)
        {
            last = await RegistrationAsync(rig);
            if (last.GetProperty("state").GetString() == state) return last;
            await Task.Delay(50);
        }
        Assert.Fail($"waited {seconds} s in vain until the registration is {state}: {last}");
        return last;
    }

    /// <summary>Places a call through the trunk.</summary>
    /// <param name="rig">The caller.</param>
    /// <param name="to">As baresip calls itself.</param>
    public static async Task DialAsync(GatewayRig rig, string to = "caller")
    {
        using var response = await rig.Http.PostAsJsonAsync("/api/calls", new { to, trunk = Name });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }
}
