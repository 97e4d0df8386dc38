namespace VoiceGateway.Caller;

/// <summary>Plays one step on the clock thread.</summary>
internal abstract class StepPlayer
{
    /// <summary>Called on every tick, from the one that begins the step on; true: the step is done, and the next begins in the same tick.</summary>
    public abstract bool Tick(CallerLeg leg, long now);

    public static StepPlayer For(CallerStep step) => step switch
    {
        ListenStep listen => new ListenPlayer(listen),
        SayStep say => new SayPlayer(say.Audio, TurnKind.Say, say.Text),
        InterruptStep interrupt => new InterruptPlayer(interrupt),
        ToneStep tone => new SayPlayer(SpeechClip.Tone(tone.FrequencyHz, tone.Duration, tone.LevelDbov), TurnKind.Tone, $"{tone.FrequencyHz} Hz"),
        DtmfStep dtmf => new DtmfPlayer(dtmf),
        WaitStep wait => new WaitPlayer(wait),
        AwaitByeStep bye => new AwaitByePlayer(bye),
        HangUpStep => new HangUpPlayer(),
        _ => throw new NotSupportedException($"There is no player for a {step.GetType().Name}."),
    };
}
