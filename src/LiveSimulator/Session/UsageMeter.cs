namespace VoiceGateway.LiveSimulator;

/// <summary>Counts tokens as the service does, roughly: 25 a second of audio in either direction, one for four characters of text.</summary>
internal sealed class UsageMeter(SimulatedSession session, int promptTextTokens)
{
    private const int AudioTokensPerSecond = 25;
    private const int CharactersPerToken = 4;

    private readonly Lock _gate = new();
    private int _contextText = promptTextTokens;
    private int _contextAudio;
    private int _replyBytes;
    private int _replyCharacters;
    private int _thoughts;

    public void Read(string text)
    {
        lock (_gate)
            _contextText += Tokens(text.Length);
    }

    public void Spoke(int bytes)
    {
        lock (_gate)
            _replyBytes += bytes;
    }

    public void Wrote(string text)
    {
        lock (_gate)
            _replyCharacters += text.Length;
    }

    public void Thought(string text)
    {
        lock (_gate)
            _thoughts += Tokens(text.Length);
    }

    /// <summary>The turn's counts; its reply is part of the next turn's prompt.</summary>
    public Usage TurnEnded()
    {
        lock (_gate)
        {
            var callerSeconds = (double)session.AudioSamplesReceived / session.ReceivedAudioRateHz;
            var usage = new Usage(
                _contextText,
                _contextAudio + (int)Math.Ceiling(callerSeconds * AudioTokensPerSecond),
                Tokens(_replyCharacters),
                (int)Math.Ceiling(SpokenAudio.DurationOf(_replyBytes).TotalSeconds * AudioTokensPerSecond),
                _thoughts);
            _contextText += usage.ResponseText;
            _contextAudio += usage.ResponseAudio;
            _replyBytes = _replyCharacters = _thoughts = 0;
            return usage;
        }
    }

    private static int Tokens(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
