namespace VoiceGateway.GeminiLive;

/// <summary><c>enableAffectiveDialog</c> and <c>proactivity</c>: asked for, built in or unknown, depending on the family.</summary>
internal static class ProactivityRules
{
    public static void Check(LiveSetup setup, LiveModelContract contract, string apiVersion, LiveSetupFindings found)
    {
        if (setup.EnableAffectiveDialog) Check("EnableAffectiveDialog", contract, apiVersion, found);
        if (setup.ProactiveAudio) Check("ProactiveAudio", contract, apiVersion, found);
    }

    private static void Check(string setting, LiveModelContract contract, string apiVersion, LiveSetupFindings found)
    {
        if (contract.ProactivityBuiltIn)
            found.Refuse(setting, $"{contract.Family} does this unasked and refuses the setting", "leave it out");
        else if (!contract.ProactivityOptIn)
            found.Refuse(setting, $"{contract.Family} cannot do this", "leave it out, or name another model");
        else if (!contract.IsOptInVersion(apiVersion))
            found.Refuse(setting, $"API version {apiVersion} does not know it", $"set the API version to {contract.OptInVersion}");
    }
}
