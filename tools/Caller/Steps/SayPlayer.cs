namespace VoiceGateway.Caller;

internal sealed class SayPlayer(SpeechClip clip, TurnKind kind, string? text) : StepPlayer
{
    private bool _begun;

    public override bool Tick(CallerLeg leg, long now)
    {
        if (_begun) return !leg.IsSpeaking;
        _begun = true;
        leg.Say(clip, new Turn(kind, text));
        return false;
    }
}
