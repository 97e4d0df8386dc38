using System.Threading.Channels;

namespace VoiceGateway.Caller;

/// <summary>Carries events from the clock and the signalling to whoever watches the call, so that a slow display holds up neither.</summary>
internal sealed class CallerEventFeed(IProgress<CallerEvent>? progress)
{
    public static CallerEventFeed Nobody { get; } = new(null);

    private readonly Channel<CallerEvent> _events = Channel.CreateUnbounded<CallerEvent>(new UnboundedChannelOptions { SingleReader = true });

    public void Post(CallerEventKind kind, long timestamp, string? text = null)
    {
        if (progress is not null) _events.Writer.TryWrite(new CallerEvent(kind, timestamp, text));
    }

    public void Complete() => _events.Writer.TryComplete();

    /// <summary>Reports until <see cref="Complete"/>; never throws what a display throws.</summary>
    public async Task RunAsync()
    {
        if (progress is null) return;
        await foreach (var item in _events.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                progress.Report(item);
            }
            catch (Exception)
            {
                // The display's own trouble: a call that is being measured goes on without it.
            }
        }
    }
}
