namespace VoiceGateway.GeminiLive;

/// <summary>A family takes a level, a budget or nothing at all.</summary>
internal static class ThinkingRules
{
    public static void Check(LiveThinking? thinking, LiveModelContract contract, LiveSetupFindings found)
    {
        if (thinking is null) return;
        if (contract.Thinking == LiveThinkingSupport.None)
        {
            found.Refuse("Thinking", $"{contract.Family} closes the session over any thinking configuration", "leave it out");
            return;
        }

        if (contract.Thinking == LiveThinkingSupport.Level) CheckLevel(thinking, contract, found);
        else CheckBudget(thinking, contract, found);
    }

    private static void CheckLevel(LiveThinking thinking, LiveModelContract contract, LiveSetupFindings found)
    {
        string levels = string.Join(", ", Enum.GetValues<LiveThinkingLevel>().Where(level => level >= contract.LeastThinking)).ToLowerInvariant();
        if (thinking.Budget is not null)
            found.Refuse("Thinking.Budget", $"{contract.Family} takes a level in place of a budget", $"set Thinking.Level to one of {levels}");
        if (thinking.Level is { } level && (level < contract.LeastThinking || !Enum.IsDefined(level)))
            found.Refuse("Thinking.Level", $"{contract.Family} does not know the level {level.ToString().ToLowerInvariant()}", $"choose one of {levels}");
    }

    private static void CheckBudget(LiveThinking thinking, LiveModelContract contract, LiveSetupFindings found)
    {
        if (thinking.Level is not null)
            found.Refuse("Thinking.Level", $"{contract.Family} takes a budget in place of a level", "set Thinking.Budget to a number of tokens");
        found.Range("Thinking.Budget", thinking.Budget, contract.LeastThinkingBudget, contract.MostThinkingBudget, " tokens");
    }
}
