using System.Net;
using System.Net.Http.Json;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>Calls that the gateway is told to place.</summary>
internal static class Dialling
{
    /// <summary>Has the default agent call whoever listens there on loopback, by UDP over IPv4 unless it is said otherwise.</summary>
    public static async Task DialAsync(this GatewayRig rig, int port, string host = "127.0.0.1", string parameters = "")
    {
        using var response = await rig.Http.PostAsJsonAsync("/api/calls", new { to = $"sip:sipp@{host}:{port}{parameters}", agent = "default" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }
}
