namespace VoiceGateway.GeminiLive;

/// <summary>One way to a model. A call tries its routes in order: the first is home, the others are fallbacks.</summary>
/// <param name="Name">For the log, metrics and quotas, such as <c>gemini-3.8-live@generativelanguage.googleapis.com</c>; holds no secret.</param>
/// <param name="Endpoint">Where, and with which credential.</param>
/// <param name="Setup">What the session is set up with; handle and history are the link's to fill in.</param>
public sealed record LiveRoute(string Name, LiveEndpoint Endpoint, LiveSetup Setup);
