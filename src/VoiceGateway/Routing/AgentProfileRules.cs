using VoiceGateway.Abstractions;

namespace VoiceGateway.Routing;

/// <summary>What is wrong in a profile whatever the model and the tools: settings that exclude one another, texts, time zone.</summary>
public static class AgentProfileRules
{
    /// <exception cref="ConfigurationException">Its key names the file and the key in it.</exception>
    public static void Check(AgentProfile agent)
    {
        foreach (var (key, problem) in Problems(agent)) throw new ConfigurationException($"{agent.File}:{key}", problem);
    }

    private static IEnumerable<(string Key, string Problem)> Problems(AgentProfile agent)
    {
        if (agent.ResponseModality != AgentModality.Audio)
            yield return ("responseModality", "a telephone agent must speak: a session has one modality, with TEXT it sends no audio, and the gateway has no voice of its own");
        if (agent.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            yield return ("timeZone", $"'{zone}' is no time zone of this machine; an IANA name such as Europe/Berlin is expected");
        foreach (var problem in Texts(agent)) yield return problem;
        if (agent.Thinking is { Level: not null, Budget: not null })
            yield return ("thinking.budget", "there is a level as well; a model takes one of the two");
        foreach (var problem in Activity(agent.Activity)) yield return problem;
        foreach (var problem in Compression(agent.Compression)) yield return problem;
        for (var i = 0; i < agent.Fallback.Count; i++)
            foreach (var (key, problem) in Fallback(agent.Fallback[i])) yield return ($"fallback[{i}]{key}", problem);
    }

    private static IEnumerable<(string Key, string Problem)> Texts(AgentProfile agent)
    {
        var texts = new List<(string Key, string Where, string Text)>
        {
            (agent.InstructionsFile is null ? "instructions" : "instructionsFile", agent.InstructionsFile is null ? "" : agent.InstructionsFile + ": ", agent.Instructions),
            ("greeting", "", agent.Greeting),
        };
        texts.AddRange(agent.History.Select(static (turn, i) => ($"history[{i}].text", "", turn.Text)));
        foreach (var (key, where, written) in texts)
        {
            var text = new AgentText(written);
            if (text.FindUnknown() is { } unknown)
                yield return (key, $"{where}unknown variable {unknown}; known are {string.Join(", ", AgentText.Variables)}, customer.FIELD and header.NAME");
            if (text.NamesCustomer && agent.Customer is null)
                yield return (key, $"{where}speaks of the customer, but nothing looks one up; set \"customer\": {{ \"tool\": … }}");
        }
    }

    private static IEnumerable<(string Key, string Problem)> Activity(AgentActivity activity)
    {
        if (activity.Detection == AgentDetection.Automatic) yield break;
        const string Why = "is for automatic detection, where the server listens; with manual detection the gateway does";
        if (activity.StartSensitivity is not null) yield return ("activity.startSensitivity", Why);
        if (activity.EndSensitivity is not null) yield return ("activity.endSensitivity", Why);
        if (activity.PrefixPaddingMs is not null) yield return ("activity.prefixPaddingMs", Why);
        if (activity.SilenceDurationMs is not null) yield return ("activity.silenceDurationMs", Why);
    }

    private static IEnumerable<(string Key, string Problem)> Compression(AgentCompression compression)
    {
        if (!compression.Enabled && (compression.TriggerTokens ?? compression.TargetTokens) is not null)
            yield return ("compression.enabled", "is false, but there are thresholds; take them out");
        if (compression.TargetTokens >= compression.TriggerTokens)
            yield return ("compression.targetTokens", $"must be less than triggerTokens ({compression.TriggerTokens})");
    }

    private static IEnumerable<(string Key, string Problem)> Fallback(AgentFallback fallback)
    {
        if (fallback is { Model: null, Endpoint: null, Location: null, ApiVersion: null, ApiKeyFile: null })
            yield return ("", "is the first way once more; name another model, endpoint, location, apiVersion or apiKeyFile");
        if (fallback.Endpoint is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "wss" && uri is { Query: "", UserInfo: "" }))
            yield return (".endpoint", "must be ws://host:port or wss://host, without query or user");
        foreach (var name in fallback.Without)
            if (!AgentProfileWithout.Names.Contains(name))
                yield return (".without", $"'{name}' cannot be left out; what can: {string.Join(", ", AgentProfileWithout.Names)}");
    }
}
