namespace VoiceGateway.GeminiLive;

/// <summary>Speech detection on the server's side.</summary>
internal static class RealtimeInputRules
{
    private const double LongestMs = 10_000, SplitsSentencesMs = 200;

    public static void Check(LiveRealtimeInput input, LiveSetupFindings found)
    {
        found.Range("RealtimeInput.PrefixPadding", input.PrefixPadding?.TotalMilliseconds, 0, LongestMs, " ms");
        found.Range("RealtimeInput.SilenceDuration", input.SilenceDuration?.TotalMilliseconds, 0, LongestMs, " ms");
        if (input.SilenceDuration?.TotalMilliseconds is >= 0 and < SplitsSentencesMs and var silence)
            found.Advise("RealtimeInput.SilenceDuration", $"{silence:0} ms of silence occur within sentences", "choose 500 to 800 ms");
        if (!input.AutomaticActivityDetection
            && (input.StartOfSpeech is not null || input.EndOfSpeech is not null || input.PrefixPadding is not null || input.SilenceDuration is not null))
        {
            found.Advise("RealtimeInput.AutomaticActivityDetection", "it is off, so sensitivities, padding and silence have no effect", "leave those out");
        }
    }
}
