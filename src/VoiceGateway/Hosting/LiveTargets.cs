using System.Collections.Concurrent;
using System.Security.Cryptography;
using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;

namespace VoiceGateway.Hosting;

/// <summary>Makes the target of the calls out of section <c>Live</c>: endpoints, each with where its credential comes from.</summary>
internal sealed class LiveTargets
{
    private readonly LiveOptions _options;
    private readonly LiveEndpoint _home;
    private readonly bool _isSimulator;
    private readonly VertexCredentials? _vertex;
    private readonly ConcurrentDictionary<string, SecretFile> _keys = new(StringComparer.Ordinal);

    private LiveTargets(LiveOptions options, Uri? simulator, VertexCredentials? vertex)
    {
        (_options, _isSimulator, _vertex) = (options, simulator is not null, vertex);
        _home = simulator is not null ? new LiveEndpoint(simulator, null, options.ApiVersion)
            : vertex is not null ? Vertex(options.Vertex.Location, options.Vertex.ApiVersion)
            : Developer(options);
    }

    /// <param name="options">What is configured.</param>
    /// <param name="simulator">The embedded simulator's address, when it is the target.</param>
    /// <param name="agents">Those whose fallbacks shall be reachable.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="ConfigurationException">A credential or certificate is missing or cannot be read.</exception>
    public static async Task<LiveTarget> OpenAsync(LiveOptions options, Uri? simulator, IEnumerable<AgentProfile> agents, CancellationToken stop)
    {
        var vertex = options.Vertex.Project.Length > 0 ? await VertexCredentials.OpenAsync(options.Vertex, stop) : null;
        var targets = new LiveTargets(options, simulator, vertex);
        foreach (var agent in agents) targets.CheckFallbacks(agent);
        return new LiveTarget(targets._home, options.Model, TimeSpan.FromSeconds(options.SetupTimeoutSeconds), simulator is not null)
        {
            Link = new LiveLinkOptions
            {
                Session = new LiveSessionOptions { Chunk = TimeSpan.FromMilliseconds(options.ChunkMs), Trust = Trust(options.CaFile, options.PortableTls) },
                RotateAfter = options.RotateAfterSeconds == 0 ? null : TimeSpan.FromSeconds(options.RotateAfterSeconds),
                RotateGrace = TimeSpan.FromSeconds(options.RotateGraceSeconds),
                RetryBudget = TimeSpan.FromSeconds(options.RetryBudgetSeconds),
                FirstBackOff = TimeSpan.FromMilliseconds(options.RetryFirstMs),
                MostBackOff = TimeSpan.FromMilliseconds(options.RetryMostMs),
            },
            MaxSessions = options.MaxSessions,
            Contracts = new LiveContracts(options.Contracts),
            FallbackEndpoint = targets.FallbackEndpoint,
        };
    }

    private static LiveTrust? Trust(string file, bool portable)
    {
        try
        {
            if (file.Length > 0) return LiveTrust.FromPemFile(file, portable);
            return portable ? new LiveTrust([], portable) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException("Live:CaFile", $"{file}: {e.Message}", e);
        }
    }

    // A fallback keeps to its service, unless it brings the key of the other one.
    private LiveEndpoint FallbackEndpoint(AgentFallback fallback)
    {
        if (_vertex is not null && fallback.ApiKeyFile is null)
        {
            var vertex = Vertex(fallback.Location ?? _options.Vertex.Location, fallback.ApiVersion ?? _options.Vertex.ApiVersion);
            return fallback.Endpoint is { } elsewhere ? vertex with { BaseUri = new Uri(elsewhere) } : vertex;
        }
        var uri = fallback.Endpoint is { } endpoint ? new Uri(endpoint)
            : _vertex is not null || (_isSimulator && fallback.ApiKeyFile is not null) ? LiveEndpoint.Google
            : _home.BaseUri;
        var version = fallback.ApiVersion ?? _options.ApiVersion;
        return fallback.ApiKeyFile is { } file
            ? new LiveEndpoint(uri, null, version) { ApiKeySource = Key(file, "Live:ApiKeyFile").ReadAsync }
            : _home with { BaseUri = uri, ApiVersion = version };
    }

    private void CheckFallbacks(AgentProfile agent)
    {
        for (var i = 0; i < agent.Fallback.Count; i++)
        {
            var fallback = agent.Fallback[i];
            var key = $"{agent.File}:fallback[{i}]";
            var isVertex = _vertex is not null && fallback.ApiKeyFile is null;
            if (fallback.Location is { } location)
            {
                if (!isVertex) throw new ConfigurationException($"{key}.location", "is for Vertex AI; set Live:Vertex, and no apiKeyFile here");
                if (!LiveVertexOptions.IsLocation(location)) throw new ConfigurationException($"{key}.location", "must be a region such as europe-west4, us, eu or global");
            }
            if (fallback.ApiVersion is { } version && (isVertex ? !LiveVertexOptions.IsVersion(version) : version is not ("v1" or "v1beta" or "v1alpha")))
                throw new ConfigurationException($"{key}.apiVersion", isVertex ? "must be v1beta1 or v1" : "must be v1, v1beta or v1alpha");
            if (fallback.ApiKeyFile is { } file) _ = Key(file, $"{key}.apiKeyFile");
        }
    }

    private LiveEndpoint Vertex(string location, string version)
    {
        var vertex = LiveEndpoint.Vertex(_options.Vertex.Project, location, version) with { BearerTokenSource = _vertex!.GetTokenAsync };
        // A private access point, or a stand-in for the service.
        return _options.Endpoint.Length > 0 ? vertex with { BaseUri = new Uri(_options.Endpoint) } : vertex;
    }

    private LiveEndpoint Developer(LiveOptions options)
    {
        var uri = options.Endpoint.Length > 0 ? new Uri(options.Endpoint) : LiveEndpoint.Google;
        var endpoint = new LiveEndpoint(uri, null, options.ApiVersion);
        return options.ApiKeyFile.Length > 0 ? endpoint with { ApiKeySource = Key(options.ApiKeyFile, "Live:ApiKeyFile").ReadAsync }
            : options.AccessTokenFile.Length > 0 ? endpoint with { ApiKeySource = new SecretFile(options.AccessTokenFile, "Live:AccessTokenFile", LiveOptions.TokenPrefix).ReadAsync }
            : options.ApiKey.Length > 0 ? endpoint with { ApiKey = options.ApiKey }
            : options.AccessToken.Length > 0 ? endpoint with { ApiKey = options.AccessToken }
            : endpoint;
    }

    private SecretFile Key(string file, string key) => _keys.GetOrAdd(file, f => new SecretFile(f, key));
}
