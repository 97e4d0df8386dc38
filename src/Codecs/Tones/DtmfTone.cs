namespace VoiceGateway.Codecs;

/// <summary>One of the two tones of a digit, as measured.</summary>
/// <param name="Index">Its place in its group, 0 to 3.</param>
/// <param name="Offset">How far its frequency is beside the nominal one, as a fraction of it.</param>
/// <param name="Energy">Sum of its squares over the window.</param>
internal readonly record struct DtmfTone(int Index, float Offset, float Energy);
