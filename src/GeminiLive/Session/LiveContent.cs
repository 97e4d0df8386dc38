namespace VoiceGateway.GeminiLive;

/// <summary>A turn of text in <c>clientContent</c>.</summary>
/// <param name="Role"><c>user</c> or <c>model</c>.</param>
public sealed record LiveContent(string Role, string Text);
