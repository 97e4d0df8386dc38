namespace VoiceGateway.Records;

/// <summary>The place after which a page begins: the last call's start and id, opaque to clients.</summary>
internal static class CallCursor
{
    public static string Write(CallRow last) => $"{last.StartedAt}~{last.Id}";

    /// <summary>False when the text is none of ours.</summary>
    public static bool TryRead(string cursor, out string startedAt, out string id)
    {
        var separator = cursor.IndexOf('~');
        startedAt = separator > 0 ? cursor[..separator] : "";
        id = separator > 0 ? cursor[(separator + 1)..] : "";
        return separator > 0;
    }
}
