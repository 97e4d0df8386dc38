namespace VoiceGateway.Caller;

/// <summary>Scripts for callers that say the same clips, each beginning with another one.</summary>
public static class LoadScripts
{
    /// <summary>Speak, listen, speak, listen…; a reply that never comes is counted rather than complained about.</summary>
    public static List<CallerScript> Of(IReadOnlyList<SpeechClip> clips, bool agentGreets = true)
    {
        var scripts = new List<CallerScript>();
        for (var first = 0; first < clips.Count; first++)
        {
            var steps = new List<CallerStep>();
            for (var n = 0; n < clips.Count; n++)
            {
                steps.Add(new SayStep(clips[(first + n) % clips.Count]));
                steps.Add(new ListenStep { Optional = true });
            }
            scripts.Add(new CallerScript(steps) { Repeat = true, Prelude = agentGreets ? [new ListenStep { Optional = true }] : [] });
        }
        return scripts;
    }
}
