using System.Net;

namespace VoiceGateway.Rtp.Tests;

/// <summary>One range for all tests of this project, so that no two ask for the same pair; and none that the kernel hands out (32768 and up on Linux).</summary>
internal static class TestPorts
{
    public static RtpPortAllocator Allocator { get; } = new(29000, 31999, TimeProvider.System, TimeSpan.FromSeconds(1));

    public static RtpPorts Open(IPAddress? bind = null)
    {
        Assert.True(Allocator.TryOpen(bind ?? IPAddress.Loopback, out var ports, out var error), $"no ports: {error}");
        return ports;
    }

    /// <summary>Where nobody listens: a port that rests after its use, so that no other test is given it meanwhile.</summary>
    public static IPEndPoint Nobody()
    {
        using var ports = Open();
        return new IPEndPoint(IPAddress.Loopback, ports.RtpPort);
    }
}
