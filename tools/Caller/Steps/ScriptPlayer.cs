namespace VoiceGateway.Caller;

/// <summary>Plays a script on the clock thread, so that what it does at a moment is done at that tick.</summary>
internal sealed class ScriptPlayer(CallerScript script)
{
    private readonly CallerStep[] _steps = [.. script.Prelude, .. script.Steps];
    private int _index;
    private StepPlayer? _current;

    public bool IsFinished => _index >= _steps.Length;

    /// <summary>True once the last step is done.</summary>
    public bool Tick(CallerLeg leg, long now)
    {
        while (!IsFinished)
        {
            _current ??= StepPlayer.For(_steps[_index]);
            if (!_current.Tick(leg, now)) return false;
            _current = null;
            _index++;
            if (IsFinished && script.Repeat && _steps[^1] is not HangUpStep)
            {
                // From the next tick on: steps that take no time must not keep the clock here.
                _index = script.Prelude.Count;
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether a BYE from the other side now is what the script expects, or leaves nothing of it undone.</summary>
    public bool IsFinishedByBye => _steps.Skip(_index).All(step => step is AwaitByeStep or HangUpStep);
}
