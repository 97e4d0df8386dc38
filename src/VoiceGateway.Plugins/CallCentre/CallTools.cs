using System.ComponentModel;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.CallCentre;

internal static class CallTools
{
    private const int LongestReason = 200;

    [Description("Ends the call. Use it when the caller has said goodbye or has nothing more to ask. Your goodbye is played to the end first.")]
    public static object HangUp(CallContext call, [Description("Why the call ends, for the record; one short sentence")] string? reason = null)
    {
        reason = string.IsNullOrWhiteSpace(reason) ? "ended by the agent" : reason.Trim();
        call.Control.HangUpAfterPlayout(reason.Length > LongestReason ? reason[..LongestReason] : reason);
        return "The call ends as soon as what you say has been played. If you have not said goodbye yet, do it now in one short sentence; ask nothing more.";
    }

    [Description("Hands the caller to a colleague. Use it when the caller asks for a person, or wants something that you cannot do. Tell the caller first that you will connect them. If nobody can be reached, the caller is still with you: say so and offer what you can do.")]
    public static async Task<object> TransferCallAsync(
        CallContext call,
        CancellationToken cancellationToken,
        [Description("What the caller wants and what has been said so far, for the record; two or three sentences")] string summary,
        [Description("Number or extension, only if you were told one for this purpose; leave it out for the usual colleague")] string? target = null)
    {
        var request = new TransferRequest(target?.Trim() ?? "") { Summary = summary };
        var outcome = await call.Control.TransferAsync(request, cancellationToken);
        return new { outcome.IsConnected, outcome.Status, outcome.Explanation };
    }

    [Description("Presses keys on the telephone keypad, for an automatic voice that asks for them (\"press one for reservations\"). Never for a person.")]
    public static async Task<object> PressKeysAsync(
        CallContext call,
        CancellationToken cancellationToken,
        [Description("The keys, without spaces: 0-9, * and #; a comma waits for a second")] string keys)
    {
        try
        {
            return await call.Control.SendDigitsAsync(keys.Trim(), cancellationToken) == DigitsOutcome.NotSent
                ? throw new ToolException("The keys could not be sent.")
                : "Pressed. Listen to what the voice says now.";
        }
        catch (ArgumentException)
        {
            throw new ToolException("Only 0-9, *, # and commas can be pressed, 64 at most.");
        }
    }
}
