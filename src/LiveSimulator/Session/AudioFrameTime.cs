namespace VoiceGateway.LiveSimulator;

/// <summary>When one audio message was received or sent, in Stopwatch ticks, and how many bytes of PCM it held.</summary>
public readonly record struct AudioFrameTime(long Timestamp, int Bytes);
