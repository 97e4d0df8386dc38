namespace VoiceGateway.Turns;

/// <summary>What an interruption, or the suspicion of one, does to playout.</summary>
public enum BargeInAction { None, Duck, Restore, Flush }
