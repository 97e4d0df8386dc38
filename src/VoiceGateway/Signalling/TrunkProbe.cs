using VoiceGateway.Sip;

namespace VoiceGateway.Signalling;

/// <summary>Asks a trunk's server by OPTIONS whether it is there, again and again. Any answer at all is one: 404 and 405 come from a server that works.</summary>
internal sealed class TrunkProbe(Trunk trunk, SipEndpoint sip, TimeProvider time, Action<bool> changed)
{
    private volatile TrunkReachability _last = new(null, null, null, null);

    public TrunkReachability Last => _last;

    public async Task RunAsync(CancellationToken stop)
    {
        using var period = new PeriodicTimer(TimeSpan.FromSeconds(trunk.Options.ProbeSeconds), time);
        try
        {
            do await AskAsync(stop).ConfigureAwait(false);
            while (await period.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private async Task AskAsync(CancellationToken stop)
    {
        var before = _last.IsUp;
        var asked = time.GetTimestamp();
        var answer = await sip.OptionsAsync(trunk.Server!, stop).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        // A proxy that says that it could not reach anybody says that it is no use.
        var isUp = answer is not null and not { StatusCode: 408 or 503 };
        _last = new(isUp, answer?.StatusCode, answer is null ? null : time.GetElapsedTime(asked), time.GetUtcNow());
        if (isUp != before) changed(isUp);
    }
}
