namespace VoiceGateway.GeminiLive;

/// <summary>Asks the endpoint's token source, when there is one.</summary>
internal static class LiveCredentials
{
    /// <returns>The endpoint with its token in place, or why not. What the source threw is not passed on: it might quote a secret.</returns>
    public static async Task<(LiveEndpoint? Endpoint, LiveFailure? Failure)> ResolveAsync(
        LiveEndpoint endpoint, LiveSessionOptions options, CancellationToken cancellationToken)
    {
        if ((endpoint.BearerTokenSource ?? endpoint.ApiKeySource) is not { } source) return (endpoint, null);

        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // The source may forget to watch the token.
            string token = await source(either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
            if (string.IsNullOrWhiteSpace(token)) return (null, LiveFaults.NoToken("the token source gave an empty token", LiveRetry.Later));

            LiveEndpoint resolved = endpoint.BearerTokenSource is not null
                ? endpoint with { BearerToken = token, BearerTokenSource = null }
                : endpoint with { ApiKey = token, ApiKeySource = null };
            return resolved.FindFault() is { } fault ? (null, LiveFaults.NoToken(fault, LiveRetry.Never)) : (resolved, null);
        }
        catch (LiveCredentialException fault)
        {
            return (null, LiveFaults.NoToken(fault.Message, fault.IsPermanent ? LiveRetry.Never : LiveRetry.Later));
        }
        catch (Exception fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string reason = timeout.IsCancellationRequested
                ? $"no access token within {options.ConnectTimeout.TotalSeconds:0.#} s"
                : $"the token source failed: {fault.GetType().Name}";
            return (null, LiveFaults.NoToken(reason, LiveRetry.Later));
        }
    }
}
