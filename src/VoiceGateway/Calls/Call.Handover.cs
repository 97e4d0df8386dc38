using VoiceGateway.Abstractions;
using VoiceGateway.Routing;
using VoiceGateway.Signalling;

namespace VoiceGateway.Calls;

/// <summary>A caller who leaves the agent for somebody else: by the agent's wish, or because there is no agent to be had.</summary>
public sealed partial class Call
{
    private static readonly TimeSpan LongestLastWords = TimeSpan.FromSeconds(10);

    private CallTransfer? _transfer;
    private volatile Task<TransferOutcome>? _handingOver;

    /// <summary>This call's claim to a Live session. The host takes it and gives it back; what becomes of the session is reported to it.</summary>
    public SessionPlace? SessionPlace { get; init; }

    /// <summary>Null before there is a peer.</summary>
    internal CallTransfer? Transfer => _transfer ?? Create();

    /// <summary>Once the agent has been heard out: the caller's side may leave us the moment it is asked.</summary>
    internal async Task<TransferOutcome> TransferAsync(TransferRequest request, CancellationToken cancellationToken)
    {
        if (Transfer is not { } transfer) return ReferOutcomes.Of(TransferStatus.CallerGone, null);
        // The other side is handing the call on itself.
        if (IsMovingOn) return ReferOutcomes.Of(TransferStatus.Failed, null);
        await LastWordsAsync(cancellationToken).ConfigureAwait(false);
        // Whoever waits for somebody else to pick up is not idle.
        _watch.Held();
        try
        {
            var handingOver = transfer.RunAsync(request, cancellationToken);
            _handingOver = handingOver;
            return await handingOver.ConfigureAwait(false);
        }
        finally
        {
            _watch.Resumed();
        }
    }

    /// <summary>In place of the words that a caller is owed. False: they still are.</summary>
    internal async Task<bool> ToHumanAsync()
    {
        if (Transfer is not { } transfer) return false;
        if (_audio.HasLeg && _filler is { } filler) _audio.Leg.Playout.StartFiller(filler.Samples24kHz, filler.Repeats);
        // The agent had sent the caller on its way already.
        if (_handingOver is { } underWay && (await underWay.ConfigureAwait(false)).IsConnected) return true;
        if (Agent.Human is null) return false;
        await _agent.DisposeAsync().ConfigureAwait(false);
        if (!await transfer.ToHumanAsync(_answer).ConfigureAwait(false)) return false;
        _endDetail = _endDetail is null ? "handed to a human" : $"{_endDetail}; handed to a human";
        return true;
    }

    private async Task LastWordsAsync(CancellationToken cancellationToken)
    {
        for (var started = _services.Time.GetTimestamp(); _audio.Leg.Playout.IsAudible && _services.Time.GetElapsedTime(started) < LongestLastWords;)
            await Task.Delay(TimeSpan.FromMilliseconds(40), _services.Time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing is left to do here, once whoever asked for the transfer has heard of it: its answer belongs into the record.</summary>
    private async Task LeaveAsync()
    {
        await Task.Delay(TimeSpan.FromMilliseconds(100), _services.Time).ConfigureAwait(false);
        End(CallEndReason.Transferred);
    }

    private CallTransfer? Create()
    {
        if (_sip is not { } sip) return null;
        var transfer = new CallTransfer(sip, Agent, _services.Calls, _services.Time, () => _ = LeaveAsync());
        return Interlocked.CompareExchange(ref _transfer, transfer, null) ?? transfer;
    }
}
