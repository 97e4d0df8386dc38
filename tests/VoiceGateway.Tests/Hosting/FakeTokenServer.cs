using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VoiceGateway.Tests.Hosting;

/// <summary>Google's token endpoint on loopback: checks the signed assertion (RFC 7523) and answers with what it is told to.</summary>
internal sealed class FakeTokenServer : IDisposable
{
    // Making one takes a while.
    private static readonly RSA Key = RSA.Create(2048);

    private readonly HttpListener _listener = new();
    private int _served;

    public FakeTokenServer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/token/";
        }
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public int Served => Volatile.Read(ref _served);

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public int LifetimeSeconds { get; set; } = 3600;

    /// <summary>A service account's key file for this server.</summary>
    public string ServiceAccount(string email = "gateway@project.iam.gserviceaccount.com") => JsonSerializer.Serialize(new
    {
        type = "service_account",
        project_id = "project",
        private_key_id = "k1",
        private_key = Key.ExportPkcs8PrivateKeyPem(),
        client_email = email,
        client_id = "1",
        token_uri = Url,
    });

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true) await AnswerAsync(await _listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var form = (await reader.ReadToEndAsync()).Split('&').Select(static p => p.Split('=', 2)).ToDictionary(static p => p[0], static p => WebUtility.UrlDecode(p[1]));
        var claims = Claims(form["assertion"]);
        var count = Interlocked.Increment(ref _served);
        context.Response.StatusCode = (int)(claims is null ? HttpStatusCode.Unauthorized : Status);
        var body = context.Response.StatusCode == 200
            ? JsonSerializer.Serialize(new { access_token = $"token-{count} for {claims!.Value.GetProperty("scope")} by {claims.Value.GetProperty("iss")}".Replace(' ', '_'), expires_in = LifetimeSeconds, token_type = "Bearer" })
            : """{ "error": "invalid_grant", "error_description": "account disabled" }""";
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }

    // Null when the signature is not by our key.
    private JsonElement? Claims(string assertion)
    {
        var parts = assertion.Split('.');
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        return Key.VerifyData(signed, Bytes(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ? JsonElement.Parse(Encoding.UTF8.GetString(Bytes(parts[1]))) : null;
    }

    private static byte[] Bytes(string base64Url) => System.Buffers.Text.Base64Url.DecodeFromChars(base64Url);
}
