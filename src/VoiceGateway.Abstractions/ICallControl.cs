namespace VoiceGateway.Abstractions;

/// <summary>What a tool may do to the call it runs in.</summary>
public interface ICallControl
{
    /// <summary>Ends the call once everything the model has said, the goodbye included, has been played to the caller.</summary>
    /// <param name="reason">For the call record.</param>
    void HangUpAfterPlayout(string reason);

    /// <summary>
    /// Hands the caller to somebody else. Completes when the other side has answered or the attempt has failed;
    /// after a failure the caller is back with the model. Expected failures are values, never exceptions.
    /// </summary>
    Task<TransferOutcome> TransferAsync(TransferRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the agent another task from now on, in the middle of the call: a model that can replaces its instructions, others are
    /// told in words; so is every model that takes up the call later.
    /// </summary>
    /// <param name="instructions">In place of the profile's.</param>
    /// <param name="tools">Names of those of the agent's tools that the model may still call; null: all of them.</param>
    void Instruct(string instructions, IReadOnlyList<string>? tools = null);

    /// <summary>
    /// Presses keys towards the other side (DTMF), an automatic attendant mostly: as RTP events (RFC 4733) where that was agreed, else as
    /// tones in the audio. What the agent says waits meanwhile. Completes when the last key is up.
    /// </summary>
    /// <param name="digits">1 to 64 of 0-9, *, #, A-D; a comma is a pause of a second.</param>
    /// <param name="cancellationToken">No further key is pressed.</param>
    /// <exception cref="ArgumentException">Something else is among them.</exception>
    Task<DigitsOutcome> SendDigitsAsync(string digits, CancellationToken cancellationToken);
}
