using System.Net;
using System.Net.Sockets;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Resolution;

/// <summary>A locator, its name server, a platform that knows some hosts, and time that stands still.</summary>
internal sealed class LocatorFixture : IAsyncDisposable
{
    private SipLocator? _locator;

    public FakeDnsServer Dns { get; } = FakeDnsServer.Start();

    public FakeTime Time { get; } = new();

    public SipCounters Counters { get; } = new();

    /// <summary>What the platform resolves; a name that is not in it does not exist.</summary>
    public Dictionary<string, string[]> Platform { get; } = [];

    public List<string> AskedOfPlatform { get; } = [];

    public Func<SipTransportKind, AddressFamily, bool> CanReach { get; init; } = (kind, family) => kind != SipTransportKind.Tls && family == AddressFamily.InterNetwork;

    public Func<int, int>? Random { get; init; }

    public SipResolutionOptions Options { get; init; } = new();

    public SipLocator Locator => _locator ??= new SipLocator(
        Options.NameServers.Count > 0 ? Options : Options with { NameServers = [Dns.EndPoint] }, Time, Counters, CanReach, LookUpAsync, Random);

    public static SipUri Uri(string text)
    {
        Assert.True(SipUri.TryParse(text, out var uri), text);
        return uri!;
    }

    /// <summary>"Udp 192.0.2.1:5060" of each, in order.</summary>
    public async Task<string> LocateAsync(string uri) => Show(await Locator.LocateAsync(Uri(uri), CancellationToken.None).AsTask().WaitAsync(FakeDnsServer.Patience));

    public static string Show(IEnumerable<SipHop> hops) => string.Join(", ", hops.Select(hop => $"{hop.Kind} {hop.EndPoint}"));

    public async ValueTask DisposeAsync()
    {
        await Locator.DisposeAsync();
        await Dns.DisposeAsync();
        Assert.Equal(0, Time.ActiveTimers);
    }

    private Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        AskedOfPlatform.Add(host);
        return Platform.TryGetValue(host, out var addresses)
            ? Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse))
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }
}
