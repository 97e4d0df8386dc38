using System.Net;

namespace VoiceGateway.Sip.Tests.Dialogs;

/// <summary>A trunk of two hosts, <c>trunk.test</c>: each is a flow of the fixture's transport.</summary>
internal static class Trunk
{
    public const string First = "192.0.2.71";
    public const string Second = "192.0.2.72";

    public static SipUri Uri { get; } = new("bob", "trunk.test", 5060);

    public static SipEndpointOptions Configure(SipEndpointOptions options) => options with
    {
        Resolution = new SipResolutionOptions
        {
            Hosts = new Dictionary<string, IReadOnlyList<IPAddress>> { ["trunk.test"] = [IPAddress.Parse(First), IPAddress.Parse(Second)] },
        },
    };

    public static MemoryFlow At(this StackFixture fixture, string address) =>
        fixture.Transport.FlowFrom(new IPEndPoint(IPAddress.Parse(address), 5060));

    public static SipRequest SingleRequestAt(this StackFixture fixture, string address, string method)
    {
        var request = Assert.IsType<SipRequest>(Assert.Single(fixture.Received(fixture.At(address))));
        Assert.Equal(method, request.Method);
        return request;
    }

    /// <summary>The last of them, where UDP had it repeated.</summary>
    public static SipRequest LastRequestAt(this StackFixture fixture, string address) =>
        Assert.IsType<SipRequest>(fixture.Received(fixture.At(address))[^1]);
}
