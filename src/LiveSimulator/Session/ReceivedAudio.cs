namespace VoiceGateway.LiveSimulator;

/// <summary>What one session heard of its caller.</summary>
/// <param name="Order">Among all sessions, by their start.</param>
/// <param name="Session">See its <see cref="SimulatedSession.Conversation"/>.</param>
/// <param name="Samples">At <see cref="SimulatedSession.ReceivedAudioRateHz"/>.</param>
public sealed record ReceivedAudio(int Order, SimulatedSession Session, short[] Samples);
