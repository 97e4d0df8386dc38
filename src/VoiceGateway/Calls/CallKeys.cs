using VoiceGateway.Abstractions;
using VoiceGateway.Media;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>Keys that are sent to the other side: one row after the other, in the order in which they were asked for.</summary>
internal sealed class CallKeys(CallAudioPath audio, TurnTimeline timeline, TimeProvider time, CancellationToken over)
{
    private const string Keys = "0123456789*#ABCD";
    private const int ToneMs = 100;

    // As in a dial string, RFC 3601 section 3.
    private const string Pauses = ",pP";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    // A key and its pause last 180 ms: what is not up by then has nowhere to go.
    private static readonly TimeSpan LongestKey = TimeSpan.FromSeconds(2);

    // More of it is no longer a row of keys, but an abuse of the line.
    private const int Most = 64;

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>What <see cref="SendAsync"/> takes: 1 to 64 of 0-9, *, #, A-D, and pauses.</summary>
    public static bool AreKeys(string? digits) =>
        digits is { Length: > 0 and <= Most } && digits.All(static c => IsPause(c) || Keys.Contains(char.ToUpperInvariant(c))) && !digits.All(IsPause);

    /// <returns>When the last key is up.</returns>
    public async Task<DigitsOutcome> SendAsync(string digits, CancellationToken cancellationToken)
    {
        if (!AreKeys(digits)) throw new ArgumentException($"'{digits}' are no keys: 1 to {Most} of 0-9, *, #, A-D, and commas for pauses.", nameof(digits));
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over);
        try
        {
            await _turn.WaitAsync(cancelled.Token).ConfigureAwait(false);
            try
            {
                return await SendAllAsync(digits, cancelled.Token).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DigitsOutcome.NotSent;
        }
    }

    private async Task<DigitsOutcome> SendAllAsync(string digits, CancellationToken cancelled)
    {
        var outcome = DigitsOutcome.NotSent;
        foreach (var digit in digits)
        {
            if (IsPause(digit))
            {
                await Task.Delay(Pause, time, cancelled).ConfigureAwait(false);
                continue;
            }
            if (audio.Leg.SendKey(digit, ToneMs) is not { } how) return DigitsOutcome.NotSent;
            timeline.Mark(TimelineMark.DigitSent, digit);
            outcome = how == KeysAs.Events ? DigitsOutcome.AsEvents : DigitsOutcome.AsTones;
            if (!await IsUpAsync(cancelled).ConfigureAwait(false)) return DigitsOutcome.NotSent;
        }
        return outcome;
    }

    // The peer may put us on hold under a key. What is given up must not be heard later, when nobody waits for it any more.
    private async Task<bool> IsUpAsync(CancellationToken cancelled)
    {
        var leg = audio.Leg;
        var isUp = false;
        try
        {
            for (var asked = time.GetTimestamp(); !(isUp = leg.KeysSent) && leg.SendsKeys && time.GetElapsedTime(asked) < LongestKey;)
                await Task.Delay(Poll, time, cancelled).ConfigureAwait(false);
            return isUp;
        }
        finally
        {
            if (!isUp) leg.DropKeys();
        }
    }

    private static bool IsPause(char c) => Pauses.Contains(c);
}
