namespace VoiceGateway.GeminiLive;

/// <summary>A connection is set up. The caller's audio that it has to be given follows after the handler has returned.</summary>
/// <param name="Connection"><see cref="LiveLink.Connection"/>.</param>
/// <param name="Cause">Why it was needed.</param>
/// <param name="Route">Which way it goes.</param>
/// <param name="Resumed">The model remembers; otherwise it has been given <see cref="ILiveLinkHandler.History"/>.</param>
/// <param name="Clean">Nothing happened after the resumed handle was issued: the model remembers everything.</param>
/// <param name="Gap">How long there was no connection.</param>
/// <param name="Replayed">The caller's audio that is given to it again or late.</param>
/// <param name="SpeechReplayed">There is speech in it: the model will answer that.</param>
/// <param name="TextRepeated">Texts that nobody answered are said again: the model will answer those.</param>
public sealed record LinkUp(
    int Connection, LinkCause Cause, LiveRoute Route, bool Resumed, bool Clean, TimeSpan Gap, TimeSpan Replayed, bool SpeechReplayed, bool TextRepeated);
