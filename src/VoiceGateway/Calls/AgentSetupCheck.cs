using VoiceGateway.Abstractions;
using VoiceGateway.GeminiLive;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;
using VoiceGateway.Tools;

namespace VoiceGateway.Calls;

/// <summary>
/// Whether the agents can do what their files say, found out before the first call: files, texts, tools, and what the model of each
/// route refuses. Complaints name file and key, as in <c>agents/default.json:thinking.level</c>.
/// </summary>
public static class AgentSetupCheck
{
    /// <returns>Advice, one line each: what is sent as it is, but is worth a second look.</returns>
    /// <exception cref="ConfigurationException">An agent cannot work.</exception>
    public static IReadOnlyList<string> Check(IEnumerable<AgentProfile> agents, ToolCatalog catalog, LiveTarget live)
    {
        var advice = new List<string>();
        foreach (var agent in agents)
        {
            AgentProfileRules.Check(agent);
            _ = Apology.For(agent);
            FillerOfAgent.Check(agent);
            CheckHuman(agent);
            CheckCustomer(agent, catalog);
            var tools = catalog.Select(agent.Tools, $"{agent.File}:tools");
            CheckPatterns(agent, "toolBehavior", agent.ToolBehavior.Keys, tools);
            CheckPatterns(agent, "toolScheduling", agent.ToolScheduling.Keys, tools);
            var index = -1;
            foreach (var way in live.WaysOf(agent)) CheckWay(agent, way.Agent, index++, way.Model, way.Endpoint, tools, live, advice);
        }
        return advice;
    }

    private static void CheckWay(AgentProfile agent, AgentProfile less, int fallback, string model, LiveEndpoint endpoint, ToolSet tools, LiveTarget live, List<string> advice)
    {
        var contract = live.Contracts.For(model);
        // Values of variables are not what is checked.
        var setup = AgentSetup.For(less, model, tools, new CallVariables("", "", agent.Name, DateTimeOffset.UnixEpoch));
        foreach (var violation in contract.Check(setup, endpoint.ApiVersion))
            Report(agent, fallback, AgentSetupKeys.Of(violation.Setting, less), violation, model, advice);
        foreach (var (pattern, scheduling) in less.ToolScheduling)
            if (contract.CheckScheduling(scheduling) is { } violation) Report(agent, fallback, $"toolScheduling.{pattern}", violation, model, advice);
        CheckScheduledTools(agent, less, contract, tools);
    }

    private static void Report(AgentProfile agent, int fallback, string key, LiveSetupViolation violation, string model, List<string> advice)
    {
        if (violation.IsAdvice)
        {
            if (fallback < 0) advice.Add($"{agent.File}:{key}: {violation.Problem}; {AgentSetupKeys.InWords(violation.Remedy)}");
            return;
        }
        if (fallback < 0) throw new ConfigurationException($"{agent.File}:{key}", $"{violation.Problem}; {AgentSetupKeys.InWords(violation.Remedy)}");
        // What home takes and the fallback does not can be left out there alone.
        var name = key.Split('.', '[')[0];
        var remedy = AgentProfileWithout.Names.Contains(name) ? $"say \"without\": [\"{name}\"] in this fallback" : AgentSetupKeys.InWords(violation.Remedy);
        throw new ConfigurationException($"{agent.File}:fallback[{fallback}]", $"{model} cannot take {key}: {violation.Problem}; {remedy}");
    }

    // A named tool only: "*" may well cover some that block.
    private static void CheckScheduledTools(AgentProfile agent, AgentProfile less, LiveModelContract contract, ToolSet tools)
    {
        foreach (var tool in tools)
        {
            if (!less.ToolScheduling.ContainsKey(tool.Name)) continue;
            if ((AgentSetup.Behavior(less, tool) ?? contract.DefaultBehavior) == LiveFunctionBehavior.Blocking)
                throw new ConfigurationException($"{agent.File}:toolScheduling.{tool.Name}", "the model waits for this tool, so there is nothing to schedule; make it nonBlocking in toolBehavior");
        }
    }

    private static void CheckPatterns(AgentProfile agent, string key, IEnumerable<string> patterns, ToolSet tools)
    {
        foreach (var pattern in patterns)
        {
            if (pattern == "*" || tools.Any(t => t.Name == pattern || t.ToString() == pattern || $"{t.Plugin}/*" == pattern)) continue;
            throw new ConfigurationException($"{agent.File}:{key}.{pattern}", $"is none of this agent's tools; there are: {string.Join(", ", tools)}");
        }
    }

    private static void CheckCustomer(AgentProfile agent, ToolCatalog catalog)
    {
        if (agent.Customer is not { } customer) return;
        if (CustomerLookup.Find(catalog, customer.Tool) is not { } tool)
            throw new ConfigurationException($"{agent.File}:customer.tool", $"'{customer.Tool}' is no tool; there are: {string.Join(", ", catalog.Tools)}");
        if (customer.Argument is not { } argument) return;
        var parameters = tool.Function.JsonSchema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(static p => p.Name).ToArray() : [];
        if (!parameters.Contains(argument))
            throw new ConfigurationException($"{agent.File}:customer.argument", $"{customer.Tool} has no parameter '{argument}'; it has: {string.Join(", ", parameters)}");
    }

    private static void CheckHuman(AgentProfile agent)
    {
        if (agent.Human is { } human && TransferTarget.Parse(human) is null)
            throw new ConfigurationException($"{agent.File}:human", $"'{human}' is neither a number, an extension nor a SIP URI");
    }
}
