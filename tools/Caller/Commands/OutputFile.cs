namespace VoiceGateway.Caller;

/// <summary>Files that a command writes at its end: that this will be possible is seen before a call is placed.</summary>
internal static class OutputFile
{
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(string option, string? path)
    {
        if (path is null) return null;
        if (Directory.Exists(path)) return $"{option}: {path} is a folder";
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder) ? null : $"{option}: there is no folder {folder}";
    }
}
