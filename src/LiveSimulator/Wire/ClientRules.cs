using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>What the service refuses after <c>setup</c> although each field is well formed.</summary>
internal static class ClientRules
{
    public static Rejection? CheckRealtimeInput(JsonElement input, SetupTerms terms)
    {
        var marks = input.TryGet("activityStart", out _) || input.TryGet("activityEnd", out _);
        if (marks && !terms.ManualActivity)
            return Rejection.Invalid("Explicit activity control is not supported when automatic activity detection is enabled.");
        if (input.TryGet("audioStreamEnd", out _) && terms.ManualActivity)
            return Rejection.Invalid("audio_stream_end is not supported when automatic activity detection is disabled.");
        if (input.TryGet("mediaChunks", out _) && !terms.Contract.MediaChunks)
            return Rejection.Invalid("realtime_input.media_chunks is deprecated. Use audio, video, or text instead.");
        if (input.TryGet("video", out var video) && video.Text("mimeType") is not ("image/jpeg" or "image/png"))
            return Rejection.Invalid($"Unsupported MIME type '{video.Text("mimeType")}' for realtime_input.video: expected image/jpeg.");
        return null;
    }

    public static Rejection? CheckToolResponse(JsonElement toolResponse, SetupTerms terms, bool idsWereSent)
    {
        foreach (var response in toolResponse.List("functionResponses"))
        {
            if (response.TryGet("scheduling", out var scheduling) && !terms.Contract.Scheduling)
                return Rejection.Invalid($"function_responses.scheduling ({scheduling.GetString()}) is not supported by {terms.Contract.Family}.");
            if (idsWereSent && string.IsNullOrEmpty(response.Text("id")))
                return Rejection.Invalid("Request contains an invalid argument: function_responses.id is required.");
            if (!response.TryGet("response", out _))
                return Rejection.Invalid("Request contains an invalid argument: function_responses.response is required.");
        }

        return null;
    }

    public static Rejection? CheckContextUpdate(SetupTerms terms) =>
        terms.Contract.ContextUpdate ? null : Rejection.Invalid($"context_update is not supported by {terms.Contract.Family}.");
}
