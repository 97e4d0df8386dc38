using System.Net;
using System.Net.Http.Json;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>Calls that the gateway is told to place.</summary>
internal static class Dialling
{
    /// <summary>Has the default agent call whoever listens there on loopback, by UDP.</summary>
    public static async Task DialAsync(this GatewayRig rig, int port)
    {
        using var response = await rig.Http.PostAsJsonAsync("/api/calls", new { to = $"sip:sipp@127.0.0.1:{port}", agent = "default" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }
}
