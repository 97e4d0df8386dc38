using System.Threading.Channels;

namespace VoiceGateway.LiveSimulator;

/// <summary>What goes wrong when the caller speaks into a reply: it is noticed late, or never announced, or not heeded at all.</summary>
internal sealed class SpeechFaults(SessionContext context, ChannelWriter<CallerEvent> events)
{
    private bool _unannounced;
    private long _noticedAt;
    private int _number;

    /// <summary>The model talks on, and answers afterwards.</summary>
    public bool IsTalkedOver { get; private set; }

    /// <returns>Whether an interruption is to be noticed now.</returns>
    public bool Started(bool isInterruption)
    {
        _number++;
        Heed();
        if (!isInterruption)
            return true;
        if (context.Faults.Take<Fault.NoInterrupted>() is { } never)
        {
            _unannounced = true;
            IsTalkedOver = never.GoesOn;
            return !IsTalkedOver;
        }

        if (context.Faults.Take<Fault.LateInterrupted>() is not { } late)
            return true;
        _noticedAt = context.Time.GetTimestamp() + (long)(late.By.TotalSeconds * context.Time.TimestampFrequency);
        _ = NoticeLaterAsync(_number, late.By);
        return false;
    }

    /// <summary>Whether the speech of that number is the last one, and still to be noticed.</summary>
    public bool IsUnnoticed(int number) => number == _number && _noticedAt > 0;

    /// <summary>Waits until the interruption has been noticed: no reply to it can come before.</summary>
    public async Task NoticedAsync()
    {
        var wait = context.Time.GetElapsedTime(context.Time.GetTimestamp(), _noticedAt);
        if (_noticedAt > 0 && wait > TimeSpan.Zero)
            await Task.Delay(wait, context.Time, context.Outbox.Gone);
        _noticedAt = 0;
    }

    /// <summary>What is typed is heeded, whatever becomes of what is spoken.</summary>
    public void Heed() => (IsTalkedOver, _unannounced, _noticedAt) = (false, false, 0);

    /// <summary>Asked once for each interruption.</summary>
    public bool MustNotBeAnnounced()
    {
        var unannounced = _unannounced;
        _unannounced = false;
        return unannounced;
    }

    /// <summary>Ends with the session.</summary>
    private async Task NoticeLaterAsync(int number, TimeSpan by)
    {
        try
        {
            await Task.Delay(by, context.Time, context.Outbox.Gone);
            events.TryWrite(new CallerEvent.InterruptionNoticed(number));
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to be told any more.
        }
    }
}
