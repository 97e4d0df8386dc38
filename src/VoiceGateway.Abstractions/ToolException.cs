namespace VoiceGateway.Abstractions;

/// <summary>
/// An expected refusal. The message is meant for the model and reaches it as <c>{"error": message}</c>:
/// say what is wrong and what would work ("we are closed on Mondays; Tuesday 19:00 is free").
/// The text of any other exception stays in the log.
/// </summary>
public sealed class ToolException(string messageForModel, Exception? innerException = null)
    : Exception(messageForModel, innerException);
