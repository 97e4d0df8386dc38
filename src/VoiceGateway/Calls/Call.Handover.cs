using VoiceGateway.Abstractions;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;

namespace VoiceGateway.Calls;

/// <summary>A caller who leaves the agent for somebody else: by the agent's wish, or because there is no agent to be had.</summary>
public sealed partial class Call
{
    private static readonly TimeSpan LongestLastWords = TimeSpan.FromSeconds(10);

    private CallTransfer? _transfer;

    /// <summary>This call's claim to a Live session. The host takes it and gives it back; what becomes of the session is reported to it.</summary>
    public SessionPlace? SessionPlace { get; init; }

    /// <summary>Null before there is a peer.</summary>
    internal CallTransfer? Transfer => _transfer ?? Create();

    /// <summary>Once the agent has been heard out: the caller's side may leave us the moment it is asked.</summary>
    internal async Task<TransferOutcome> TransferAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        if (Transfer is not { } transfer) return ReferOutcomes.Of(TransferStatus.CallerGone, null);
        await LastWordsAsync(cancellationToken).ConfigureAwait(false);
        return await transfer.RunAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>In place of the words that a caller is owed. False: they still are.</summary>
    internal async Task<bool> ToHumanAsync()
    {
        if (Transfer is not { } transfer || !await transfer.ToHumanAsync(_answer).ConfigureAwait(false)) return false;
        _endDetail = _endDetail is null ? "handed to a human" : $"{_endDetail}; handed to a human";
        return true;
    }

    private async Task LastWordsAsync(CancellationToken cancellationToken)
    {
        for (var started = _services.Time.GetTimestamp(); _audio.Leg.Playout.IsAudible && _services.Time.GetElapsedTime(started) < LongestLastWords;)
            await Task.Delay(TimeSpan.FromMilliseconds(40), _services.Time, cancellationToken).ConfigureAwait(false);
    }

    private CallTransfer? Create()
    {
        if (_sip is not { } sip) return null;
        var transfer = new CallTransfer(sip, Agent, _services.Calls, _services.Time, () => End(CallEndReason.Transferred));
        return Interlocked.CompareExchange(ref _transfer, transfer, null) ?? transfer;
    }
}
