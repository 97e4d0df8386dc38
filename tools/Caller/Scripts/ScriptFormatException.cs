namespace VoiceGateway.Caller;

/// <summary>Leaves the depths of the script reader; it never leaves this room.</summary>
internal sealed class ScriptFormatException(string where, string what) : Exception($"{where}: {what}");
