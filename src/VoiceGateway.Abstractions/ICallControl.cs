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
}
