using System.Buffers;
using System.Text.Json;

namespace VoiceGateway.GeminiLive;

/// <summary>The <c>setup</c> message, cut to what the model's contract allows.</summary>
internal static class SetupMessage
{
    /// <param name="omitted">Receives what was asked for and left out, and why.</param>
    public static PooledBuffer Create(
        ArrayPool<byte> pool, LiveSetup setup, LiveModelContract contract, LiveEndpoint endpoint, List<string> omitted) =>
        ControlMessages.Write(pool, (setup, contract, endpoint, omitted), static (json, parts) =>
        {
            LiveSetup setup = parts.setup;
            json.WriteStartObject("setup"u8);
            json.WriteString("model"u8, parts.endpoint.ModelName(setup.Model));
            GenerationConfig.Write(json, setup, parts.contract, parts.endpoint.ApiVersion, parts.omitted);
            if (!string.IsNullOrEmpty(setup.SystemInstruction)) WriteSystemInstruction(json, setup.SystemInstruction);
            WriteTools(json, setup, parts.contract, parts.omitted);
            RealtimeInputConfig.Write(json, setup.RealtimeInput);
            WriteSessionResumption(json, setup, parts.endpoint, parts.omitted);
            WriteContextWindowCompression(json, setup.ContextWindowCompression);
            if (setup.InputTranscription) WriteEmpty(json, "inputAudioTranscription"u8);
            if (setup.OutputTranscription) WriteEmpty(json, "outputAudioTranscription"u8);
            WriteProactivity(json, setup, parts.contract, parts.endpoint.ApiVersion, parts.omitted);
            if (setup.InitialHistoryInClientContent)
            {
                json.WriteStartObject("historyConfig"u8);
                json.WriteBoolean("initialHistoryInClientContent"u8, true);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });

    public static void WriteSystemInstruction(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject("systemInstruction"u8);
        WriteTextParts(json, text);
        json.WriteEndObject();
    }

    public static void WriteTextParts(Utf8JsonWriter json, string text)
    {
        json.WriteStartArray("parts"u8);
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteTools(Utf8JsonWriter json, LiveSetup setup, LiveModelContract contract, List<string> omitted)
    {
        bool search = setup.GoogleSearch && contract.GoogleSearch, code = setup.CodeExecution && contract.CodeExecution;
        if (setup.GoogleSearch && !search) omitted.Add($"googleSearch: {contract.Family} refuses it");
        if (setup.CodeExecution && !code) omitted.Add($"codeExecution: {contract.Family} refuses it");
        if (setup.Functions.Count == 0 && !search && !code) return;

        json.WriteStartArray("tools"u8);
        if (setup.Functions.Count > 0) FunctionDeclarations.Write(json, setup.Functions, contract, omitted);
        if (search) WriteTool(json, "googleSearch"u8);
        if (code) WriteTool(json, "codeExecution"u8);
        json.WriteEndArray();
    }

    private static void WriteTool(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        json.WriteStartObject();
        WriteEmpty(json, name);
        json.WriteEndObject();
    }

    private static void WriteSessionResumption(Utf8JsonWriter json, LiveSetup setup, LiveEndpoint endpoint, List<string> omitted)
    {
        if (!setup.SessionResumption && setup.ResumptionHandle is null) return;

        json.WriteStartObject("sessionResumption"u8);
        if (setup.ResumptionHandle is { } handle) json.WriteString("handle"u8, handle);
        if (setup.TransparentResumption)
        {
            if (endpoint.IsVertex) json.WriteBoolean("transparent"u8, true);
            else omitted.Add("sessionResumption.transparent: Vertex AI only");
        }

        json.WriteEndObject();
    }

    // int64 is a string in proto3 JSON.
    private static void WriteContextWindowCompression(Utf8JsonWriter json, LiveContextCompression? compression)
    {
        if (compression is null) return;

        json.WriteStartObject("contextWindowCompression"u8);
        if (compression.TriggerTokens is { } trigger) json.WriteString("triggerTokens"u8, trigger.ToString());
        json.WriteStartObject("slidingWindow"u8);
        if (compression.TargetTokens is { } target) json.WriteString("targetTokens"u8, target.ToString());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteProactivity(
        Utf8JsonWriter json, LiveSetup setup, LiveModelContract contract, string apiVersion, List<string> omitted)
    {
        if (!setup.ProactiveAudio || !IsOptInAllowed("proactivity", contract, apiVersion, omitted)) return;

        json.WriteStartObject("proactivity"u8);
        json.WriteBoolean("proactiveAudio"u8, true);
        json.WriteEndObject();
    }

    public static bool IsOptInAllowed(string setting, LiveModelContract contract, string apiVersion, List<string> omitted)
    {
        if (!contract.ProactivityOptIn)
            omitted.Add($"{setting}: {contract.Family} refuses it");
        else if (!contract.IsOptInVersion(apiVersion))
            omitted.Add($"{setting}: needs API version {contract.OptInVersion}");
        else
            return true;
        return false;
    }

    private static void WriteEmpty(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        json.WriteStartObject(name);
        json.WriteEndObject();
    }
}
