namespace VoiceGateway.Caller;

/// <summary>Nothing to play: the call is hung up after the last step anyway.</summary>
internal sealed class HangUpPlayer : StepPlayer
{
    public override bool Tick(CallerLeg leg, long now) => true;
}
