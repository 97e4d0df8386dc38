using System.Net;

namespace VoiceGateway.Rtp.Tests;

/// <summary>One range for all tests of this project, so that no two ask for the same pair.</summary>
internal static class TestPorts
{
    public static RtpPortAllocator Allocator { get; } = new(44000, 46999, TimeProvider.System, TimeSpan.FromSeconds(1));

    public static RtpPorts Open(IPAddress? bind = null)
    {
        Assert.True(Allocator.TryOpen(bind ?? IPAddress.Loopback, out var ports, out var error), $"no ports: {error}");
        return ports;
    }
}
