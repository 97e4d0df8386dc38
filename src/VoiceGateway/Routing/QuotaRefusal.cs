namespace VoiceGateway.Routing;

/// <summary>Why a call gets no session.</summary>
/// <param name="RetryAfter">When another attempt may be worth it: 1 to 60 s, whole seconds.</param>
/// <param name="IsLearned">The service's refusals hold the call back, not the configured limit.</param>
public readonly record struct QuotaRefusal(TimeSpan RetryAfter, bool IsLearned);
