using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using VoiceGateway.Abstractions;
using VoiceGateway.Calls;
using VoiceGateway.GeminiLive;

namespace VoiceGateway.Hosting;

/// <summary>
/// Access tokens for Vertex AI, from a credentials file or from wherever the machine keeps its own. The library caches a token and
/// fetches the next one shortly before the hour is over.
/// </summary>
internal sealed class VertexCredentials
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private const string FileKey = "Live:Vertex:CredentialsFile";

    private readonly string? _file;
    private Loaded _loaded;

    private VertexCredentials(string? file, Loaded loaded) => (_file, _loaded) = (file, loaded);

    /// <exception cref="ConfigurationException">There is no credential, or the file holds none. The message does not repeat its content.</exception>
    public static async Task<VertexCredentials> OpenAsync(LiveVertexOptions options, CancellationToken stop)
    {
        if (options.CredentialsFile.Length > 0) return new(options.CredentialsFile, await ReadAsync(options.CredentialsFile, stop).ConfigureAwait(false));
        try
        {
            var credential = await GoogleCredential.GetApplicationDefaultAsync(stop).ConfigureAwait(false);
            return new(null, new(credential.CreateScoped(Scope), default));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ConfigurationException(FileKey, "names no file, and there are no application default credentials: set it, or GOOGLE_APPLICATION_CREDENTIALS, or run on Google Cloud", e);
        }
    }

    /// <summary>For an endpoint that asks before it connects.</summary>
    /// <exception cref="LiveCredentialException">No token is to be had; the message holds no secret.</exception>
    public async ValueTask<string> GetTokenAsync(CancellationToken cancelled)
    {
        try
        {
            var loaded = await NewestAsync(cancelled).ConfigureAwait(false);
            return await ((ITokenAccess)loaded.Credential).GetAccessTokenForRequestAsync(cancellationToken: cancelled).ConfigureAwait(false);
        }
        catch (TokenResponseException e)
        {
            // invalid_grant, invalid_client: the key is gone or the account disabled. A server's trouble passes.
            var isPermanent = (int?)e.StatusCode is >= 400 and < 500 and not 429 and not 408;
            throw new LiveCredentialException($"the token server answered {(int?)e.StatusCode ?? 0} {e.Error?.Error}", isPermanent, e);
        }
        catch (HttpRequestException e)
        {
            throw new LiveCredentialException($"the token server cannot be reached: {e.HttpRequestError}", isPermanent: false, e);
        }
    }

    // A key that is replaced in its file holds from the next connection on; while it is being replaced the last one serves.
    private async ValueTask<Loaded> NewestAsync(CancellationToken cancelled)
    {
        var loaded = Volatile.Read(ref _loaded);
        if (_file is null || !File.Exists(_file) || File.GetLastWriteTimeUtc(_file) == loaded.WrittenAt) return loaded;
        try
        {
            loaded = await ReadAsync(_file, cancelled).ConfigureAwait(false);
            Volatile.Write(ref _loaded, loaded);
        }
        catch (ConfigurationException)
        {
            // Half written, or no longer a credential: the token server will say what the old one is worth.
        }
        return loaded;
    }

    private static async Task<Loaded> ReadAsync(string file, CancellationToken stop)
    {
        try
        {
            var writtenAt = File.GetLastWriteTimeUtc(file);
            var json = await File.ReadAllTextAsync(file, stop).ConfigureAwait(false);
            using var document = JsonDocument.Parse(json);
            var type = document.RootElement.TryGetProperty("type", out var named) ? named.GetString() : null;
            if (type is null) throw new ConfigurationException(FileKey, $"{file} does not say its type; expected is a key file of a service account, or another credentials file of Google Cloud");
            return new(CredentialFactory.FromJson(json, type).CreateScoped(Scope), writtenAt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(FileKey, $"cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or JsonException or System.Security.Cryptography.CryptographicException)
        {
            // The cause may quote the file, and the file is a private key.
            throw new ConfigurationException(FileKey, $"{file} is no credentials file of Google Cloud");
        }
    }

    private sealed record Loaded(GoogleCredential Credential, DateTime WrittenAt);
}
