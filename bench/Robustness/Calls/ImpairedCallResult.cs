namespace VoiceGateway.Robustness;

/// <param name="Case">The network.</param>
/// <param name="Number">The caller's.</param>
/// <param name="Sent">What a perfect line would have brought to the model, 16 kHz.</param>
/// <param name="WithZeros">The same with zeros for the packets that were lost; null where nobody knows which.</param>
/// <param name="Heard">What the model received in the whole call, 16 kHz.</param>
internal sealed record ImpairedCallResult(ImpairedCase Case, string Number, short[] Sent, short[]? WithZeros, short[] Heard);
