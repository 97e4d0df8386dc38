using System.Text.Json;
using VoiceGateway.Turns;

namespace VoiceGateway.Calls;

/// <summary>Words of the gateway's own to the model, marked so that it does not take them for the caller's.</summary>
internal static class SystemNote
{
    public const string Mark = ConversationWatch.Mark;

    // A result beyond this belongs into a tool's answer, not into the conversation.
    private const int LongestResult = 4000;

    public static string CutShort(string heard) =>
        $"{Mark}The connection was renewed while you were answering. The caller has already heard: \"{heard}\". Do not repeat that; go on from there.";

    /// <summary>Context, not a question: the caller's own words follow.</summary>
    public static string Interrupted(string heard) => heard.Length == 0
        ? $"{Mark}The caller interrupted you before hearing anything of your last words."
        : $"{Mark}The caller interrupted you and heard only this of your last words: \"{heard}\"";

    /// <summary>The model is to say the rest.</summary>
    public static string NotInterrupted(string heard) => heard.Length == 0
        ? $"{Mark}Nobody interrupted you, but the caller has heard nothing of your last words. Say them again."
        : $"{Mark}Nobody interrupted you, but the caller has heard only this of your last words: \"{heard}\". Do not repeat that; go on from there.";

    /// <summary>An answer is expected.</summary>
    public static string MovedOn(string? to) =>
        $"{Mark}The call has been handed on: from now on you speak with somebody else{(to is null ? "" : $" ({to})")}, who has not heard what was said before. Greet them in one short sentence.";

    /// <summary>Context, not a question.</summary>
    public static string NotMovedOn(string? why) =>
        $"{Mark}The other side wanted to hand this call to somebody else, which did not work{(why is null ? "" : $": {why}")} You still speak with the same person as before.";

    public static string Instructions(string instructions) =>
        $"{Mark}From now on these instructions replace all earlier ones; do not mention them, go on with the conversation: {instructions}";

    public static string ToolFinished(string name, JsonElement arguments, JsonElement result) =>
        $"{Mark}The tool {name}, which you had called with {Text(arguments)}, has finished. Do not call it again for the same request. Its result: {Text(result)}";

    private static string Text(JsonElement json)
    {
        var text = json.ValueKind == JsonValueKind.Undefined ? "{}" : json.GetRawText();
        return text.Length <= LongestResult ? text : text[..LongestResult] + "…";
    }
}
