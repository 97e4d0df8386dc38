using System.Net;

namespace VoiceGateway.Sip;

/// <summary>Whom to ask: the servers of the options, else those of resolv.conf, which is read again when it has changed.</summary>
internal sealed class DnsNameServers(IReadOnlyList<IPEndPoint> configured, string resolvConf, TimeProvider time)
{
    private const int Port = 53;
    private const int MostServers = 8;
    private static readonly TimeSpan LookedAt = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private IReadOnlyList<IPEndPoint> _fromFile = [];
    private DateTime _written;
    private long? _lookedAt;

    /// <summary>Servers that the platform's resolver may know nothing of.</summary>
    public bool AreConfigured => configured.Count > 0;

    /// <summary>Empty where there is no resolv.conf, or none named in it.</summary>
    public IReadOnlyList<IPEndPoint> Current
    {
        get
        {
            if (AreConfigured)
                return configured;
            lock (_gate)
            {
                if (_lookedAt is null || time.GetElapsedTime(_lookedAt.Value) >= LookedAt)
                    Look();
                return _fromFile;
            }
        }
    }

    internal static IReadOnlyList<IPEndPoint> Parse(IEnumerable<string> lines)
    {
        List<IPEndPoint> servers = [];
        foreach (var line in lines)
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words is ["nameserver", var address, ..] && IPAddress.TryParse(address, out var server) && servers.Count < MostServers)
                servers.Add(new IPEndPoint(server, Port));
        }

        return servers;
    }

    private void Look()
    {
        _lookedAt = time.GetTimestamp();
        try
        {
            var written = File.GetLastWriteTimeUtc(resolvConf); // long ago where there is no file
            if (written == _written)
                return;
            _fromFile = File.Exists(resolvConf) ? Parse(File.ReadLines(resolvConf)) : [];
            _written = written;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Being replaced just now: what was there before is as good for a while.
        }
    }
}
