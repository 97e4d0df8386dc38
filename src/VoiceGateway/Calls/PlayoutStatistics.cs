namespace VoiceGateway.Calls;

/// <param name="QueuedSeconds">Model audio taken in.</param>
/// <param name="Underruns">Times playout ran dry in a model turn.</param>
/// <param name="DroppedSeconds">Model audio that exceeded the queue's limit.</param>
/// <param name="LateChunks">Chunks of cancelled generations that were not played.</param>
/// <param name="FilledSeconds">Zeros that the model was given in place of caller audio that did not arrive.</param>
public sealed record PlayoutStatistics(double QueuedSeconds, int Underruns, double DroppedSeconds, int LateChunks, double FilledSeconds);
