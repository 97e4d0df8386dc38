namespace VoiceGateway.Robustness;

/// <param name="Case">The network.</param>
/// <param name="Road">Who made it: our own path, or netem.</param>
/// <param name="Voice">What the model received.</param>
/// <param name="WithZeros">What it would have received had the lost packets been zeros, and every other in time; null where nobody knows.</param>
/// <param name="Book">What the gateway counted; null when its record was not found.</param>
internal sealed record CallVerdict(ImpairedCase Case, string Road, VoiceQuality Voice, VoiceQuality? WithZeros, GatewayBook? Book)
{
    public static CallVerdict Of(ImpairedCallResult call, string road, GatewayBook? book) => new(
        call.Case,
        road,
        VoiceQuality.Of(call.Sent, call.Heard, call.Case.IsWide),
        call.WithZeros is { } zeros && call.Case.Network.LossPercent > 0 ? VoiceQuality.Of(call.Sent, zeros, call.Case.IsWide) : null,
        book);
}
